/** One who waits for a place. */
interface Waiter {
  admit (): void
  reject (error: unknown): void
}

/**
 * Places for streams that the remote has not acknowledged yet. A remote that accepts nothing makes those wait who would
 * open more.
 *
 * @see the specification of Yamux in libp2p, "ACK backlog"
 */
export class AckBacklog {
  readonly #limit: number
  readonly #waiters = new Set<Waiter>() // sets keep their order
  #taken = 0

  constructor (limit: number) {
    this.#limit = limit
  }

  /** How many places are taken. */
  get taken (): number {
    return this.#taken
  }

  /** Takes a place, if there is one and nobody waits for it. */
  tryEnter (): boolean {
    if (this.#taken >= this.#limit || this.#waiters.size > 0) return false
    this.#taken++
    return true
  }

  /** Takes a place as soon as there is one. @throws the signal's reason, or what `end` was given */
  enter (signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiters.delete(waiter)
        signal?.removeEventListener('abort', onAbort)
      }
      const onAbort = (): void => { waiter.reject(signal?.reason) }
      const waiter: Waiter = {
        admit () { leave(); resolve() },
        reject (error) { leave(); reject(error) }
      }
      this.#waiters.add(waiter)
      signal?.addEventListener('abort', onAbort)
    })
  }

  /** Gives a place back, to the one who waits longest. */
  leave (): void {
    for (const waiter of this.#waiters) {
      waiter.admit() // the place changes hands
      return
    }
    this.#taken--
  }

  /** Rejects all who wait. */
  end (error: Error): void {
    for (const waiter of [...this.#waiters]) waiter.reject(error)
  }
}
