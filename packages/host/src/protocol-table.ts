import type { ProtocolID, StreamHandler } from '@weir/network'
import { HOST_DEFAULTS } from './defaults.ts'

interface Matcher {
  readonly match: (id: ProtocolID) => boolean
  readonly handler: StreamHandler
}

/**
 * The protocols that are spoken here, each with its handler: a set name is found by look-up, then the matchers are asked in
 * the order in which they were set.
 *
 * Knows nothing of streams. It is what multistream-select asks, so its answers are for remotes.
 */
export class ProtocolTable {
  readonly #handlers = new Map<ProtocolID, StreamHandler>()
  readonly #matchers = new Map<ProtocolID, Matcher>()
  #onChange: () => void = () => {}
  #listed: readonly ProtocolID[] | undefined

  /** Whom to tell that `list` gives something else now: one listener, the last. */
  onChange (listener: () => void): void {
    this.#onChange = listener
  }

  set (protocol: ProtocolID, handler: StreamHandler): void {
    this.remove(protocol)
    this.#handlers.set(protocol, handler)
    this.#changed()
  }

  setMatch (protocol: ProtocolID, match: (id: ProtocolID) => boolean, handler: StreamHandler): void {
    this.remove(protocol)
    this.#matchers.set(protocol, { match, handler })
    this.#changed()
  }

  remove (protocol: ProtocolID): void {
    const had = this.#handlers.delete(protocol)
    if (this.#matchers.delete(protocol) || had) this.#changed()
  }

  clear (): void {
    this.#handlers.clear()
    this.#matchers.clear()
    this.#changed()
  }

  /** The handler of a name that was set or that a matcher takes. */
  handler (id: ProtocolID): StreamHandler | undefined {
    const exact = this.#handlers.get(id)
    if (exact !== undefined) return exact
    for (const { match, handler } of this.#matchers.values()) {
      if (match(id)) return handler
    }
    return undefined
  }

  /** The name itself when it is spoken: a matcher's streams carry the name that the remote chose. */
  find (id: ProtocolID): ProtocolID | undefined {
    return this.handler(id) === undefined ? undefined : id
  }

  /** Whether the name itself was set, rather than matched: only these are few. */
  isExact (id: ProtocolID): boolean {
    return this.#handlers.has(id)
  }

  /** The names that were set, sorted and bounded: a copy. Made once per change, since every remote may ask for it. */
  list (): ProtocolID[] {
    this.#listed ??= [...this.#handlers.keys(), ...this.#matchers.keys()].sort().slice(0, HOST_DEFAULTS.maxListedProtocols)
    return [...this.#listed]
  }

  #changed (): void {
    this.#listed = undefined
    this.#onChange()
  }
}
