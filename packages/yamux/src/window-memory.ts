import { YAMUX_INITIAL_WINDOW_BYTES } from '@weir/adapters'
import { type PeerScope, ReservationPriority, type ResourceScopeSpan } from '@weir/network'

/** The memory of all windows of a connection and of its large writes, in a span of the peer's scope. */
export class WindowMemory {
  readonly #span: ResourceScopeSpan

  /** @throws {ResourceScopeClosedError} */
  constructor (scope: PeerScope) {
    this.#span = scope.beginSpan()
  }

  /** For a stream's first window, which it cannot live without. @throws {ResourceLimitExceededError} */
  reserveFirst (): void {
    this.#span.reserveMemory(YAMUX_INITIAL_WINDOW_BYTES, ReservationPriority.always)
  }

  /** For a larger window or write. A small one is slow; that is all. @returns whether there was room */
  readonly mayGrow = (bytes: number): boolean => {
    try {
      this.#span.reserveMemory(bytes, ReservationPriority.low)
      return true
    } catch {
      return false
    }
  }

  release (bytes: number): void {
    this.#span.releaseMemory(bytes)
  }

  /** Gives back everything. */
  end (): void {
    this.#span.done()
  }
}
