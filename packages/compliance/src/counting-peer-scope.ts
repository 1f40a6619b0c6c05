import { type PeerRef, type PeerScope, ResourceLimitExceededError, type ResourceScopeSpan, type ScopeStat, ZERO_SCOPE_STAT } from '@weir/network'
import { samplePeer } from './sample-peer.ts'

export interface CountingPeerScopeInit {
  /** Memory that may be held, of which a reservation sees `(1 + priority) / 256`. @defaultValue `Infinity` */
  readonly limitBytes?: number | undefined
  /** Which reservation or span is refused: 1 for the first. @defaultValue none */
  readonly failAt?: number | undefined
}

/** A peer's scope for whoever reserves in it, such as a multiplexer: it counts, has a limit, and can refuse one call. */
export class CountingPeerScope implements PeerScope {
  readonly peer: PeerRef = samplePeer(1)
  readonly #limitBytes: number
  readonly #failAt: number
  #bytes = 0
  #mostBytes = 0
  #spans = 0
  #calls = 0

  constructor ({ limitBytes = Infinity, failAt = Infinity }: CountingPeerScopeInit = {}) {
    this.#limitBytes = limitBytes
    this.#failAt = failAt
  }

  /** Held now. */
  get bytes (): number {
    return this.#bytes
  }

  /** The most that was held. */
  get mostBytes (): number {
    return this.#mostBytes
  }

  /** Spans that were begun and have not ended. */
  get spans (): number {
    return this.#spans
  }

  /** How many calls there were that could be refused, the refused one included. */
  get calls (): number {
    return this.#calls
  }

  /** @throws {ResourceLimitExceededError} */
  reserveMemory (bytes: number, priority: number): void {
    if (++this.#calls === this.#failAt || this.#bytes + bytes > (1 + priority) / 256 * this.#limitBytes) this.#refuse(bytes, priority)
    this.#bytes += bytes
    this.#mostBytes = Math.max(this.#mostBytes, this.#bytes)
  }

  /** @throws {RangeError} for more than is held: who gives back too much hides a leak */
  releaseMemory (bytes: number): void {
    if (bytes > this.#bytes) throw new RangeError(`${bytes} bytes given back, and ${this.#bytes} held`)
    this.#bytes -= bytes
  }

  stat (): ScopeStat {
    return { ...ZERO_SCOPE_STAT, memoryBytes: this.#bytes }
  }

  beginSpan (): ResourceScopeSpan {
    if (++this.#calls === this.#failAt) this.#refuse(0, 255)
    let heldBytes = 0
    let ended = false
    this.#spans++
    const span: ResourceScopeSpan = {
      reserveMemory: (bytes, priority) => {
        if (ended) throw new RangeError('the span has ended')
        this.reserveMemory(bytes, priority)
        heldBytes += bytes
      },
      releaseMemory: bytes => {
        if (ended) return
        if (bytes > heldBytes) throw new RangeError(`${bytes} bytes given back, and ${heldBytes} held`)
        this.releaseMemory(bytes)
        heldBytes -= bytes
      },
      stat: () => ({ ...ZERO_SCOPE_STAT, memoryBytes: heldBytes }),
      beginSpan: () => this.beginSpan(),
      done: () => {
        if (ended) return
        ended = true
        this.#spans--
        this.releaseMemory(heldBytes)
      },
      [Symbol.dispose]: () => { span.done() }
    }
    return span
  }

  #refuse (attempted: number, priority: number): never {
    throw new ResourceLimitExceededError({ where: 'local', scope: { kind: 'peer', peer: this.peer }, resource: 'memory', current: this.#bytes, attempted, limit: this.#limitBytes, priority })
  }
}
