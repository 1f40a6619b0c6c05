/** Lets work on one key go one after another, in order, and work on different keys at the same time. Remembers only keys at work. */
export class KeyedQueue {
  readonly #tails = new Map<string, Promise<unknown>>()
  #pending = 0

  /** Work that has not ended. */
  get pending (): number {
    return this.#pending
  }

  /** Starts at once, in this turn, when nothing else is at work on the key. */
  run<T> (key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key)
    this.#pending++
    const result = before === undefined ? work() : before.then(work)
    const tail = result.then(() => {}, () => {}).then(() => {
      this.#pending--
      if (this.#tails.get(key) === tail) this.#tails.delete(key)
    })
    this.#tails.set(key, tail)
    return result
  }

  /** Resolves when everything that is at work now has ended, however it ends. */
  async idle (): Promise<void> {
    await Promise.all(this.#tails.values())
  }
}
