import { nullScope, type PeerScope, ResourceLimitExceededError, type ResourceScopeSpan } from '@weir/network'

/** A peer's scope that counts what its spans hold, and refuses beyond a limit or at one call. */
export class CountingScope implements PeerScope {
  readonly peer = { type: 'test', toString: () => 'peer' }
  readonly #limitBytes: number
  /** Held now. */
  bytes = 0
  /** Most that was held. */
  mostBytes = 0
  spans = 0
  /** How many reservations there were, refused ones included. */
  reservations = 0
  /** Which reservation is refused, from 1. */
  refuseAt = Infinity

  constructor (limitBytes: number = Infinity) {
    this.#limitBytes = limitBytes
  }

  get atRest (): boolean {
    return this.bytes === 0 && this.spans === 0
  }

  reserveMemory (): void { throw new Error('only spans are used') }
  releaseMemory (): void { throw new Error('only spans are used') }
  stat = nullScope.stat

  beginSpan (): ResourceScopeSpan {
    let held = 0
    let ended = false
    this.spans++
    const span: ResourceScopeSpan = {
      reserveMemory: (bytes, priority) => {
        if (ended) throw new Error('the span has ended')
        this.reservations++
        if (this.reservations === this.refuseAt || this.bytes + bytes > (1 + priority) / 256 * this.#limitBytes) throw new ResourceLimitExceededError({ where: 'local', scope: { kind: 'peer', peer: this.peer }, resource: 'memory', current: this.bytes, attempted: bytes, limit: this.#limitBytes })
        this.bytes += bytes
        held += bytes
        this.mostBytes = Math.max(this.mostBytes, this.bytes)
      },
      releaseMemory: bytes => {
        if (ended) return
        if (bytes > held) throw new Error(`${bytes} given back of ${held}`)
        this.bytes -= bytes
        held -= bytes
      },
      stat: nullScope.stat,
      beginSpan: nullScope.beginSpan,
      done: () => {
        if (ended) return
        ended = true
        this.bytes -= held
        this.spans--
      },
      [Symbol.dispose]: () => { span.done() }
    }
    return span
  }
}

/** The scope of a peer that has no limits. */
export const peerScope: PeerScope = { ...nullScope, peer: { type: 'test', toString: () => 'peer' } }
