/** One who waits for the next item. */
interface Waiter<T> {
  resolve (item: T): void
  reject (error: unknown): void
}

/** Items that wait to be taken, a bounded number of them, and callers that wait for items. Never both. */
export class AcceptQueue<T> {
  readonly limit: number
  readonly #items = new Set<T>() // sets keep their order
  readonly #waiters = new Set<Waiter<T>>()
  #error: Error | undefined

  constructor (limit: number) {
    this.limit = limit
  }

  /** Whether `offer` would say no, for want of room. */
  get full (): boolean {
    return this.#waiters.size === 0 && this.#items.size >= this.limit
  }

  /** Hands it to who waits longest, or keeps it. @returns false when there is no room or the queue has ended */
  offer (item: T): boolean {
    if (this.#error !== undefined) return false
    for (const waiter of this.#waiters) {
      waiter.resolve(item)
      return true
    }
    if (this.#items.size >= this.limit) return false
    this.#items.add(item)
    return true
  }

  /** Takes an item out that nobody needs any more. */
  remove (item: T): void {
    this.#items.delete(item)
  }

  /** The next item. @throws what the queue ended with, or the signal's reason */
  take (signal: AbortSignal | undefined): Promise<T> {
    if (signal?.aborted === true) return Promise.reject(signal.reason)
    for (const item of this.#items) {
      this.#items.delete(item)
      return Promise.resolve(item)
    }
    if (this.#error !== undefined) return Promise.reject(this.#error)
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiters.delete(waiter)
        signal?.removeEventListener('abort', onAbort)
      }
      const onAbort = (): void => { waiter.reject(signal?.reason) }
      const waiter: Waiter<T> = {
        resolve (item) { leave(); resolve(item) },
        reject (error) { leave(); reject(error) }
      }
      this.#waiters.add(waiter)
      signal?.addEventListener('abort', onAbort)
    })
  }

  /** Rejects all who wait, now and later. @returns the items that nobody took */
  end (error: Error): T[] {
    this.#error ??= error
    const rest = [...this.#items]
    this.#items.clear()
    for (const waiter of [...this.#waiters]) waiter.reject(error)
    return rest
  }
}
