import type { AddrDelay } from '@weir/network'

/** The addresses of a peer that wait for their time, the next first. @see reference/go-libp2p.md 5.2, step 5 */
export class DialQueue {
  readonly #waiting: AddrDelay[] = []

  get size (): number {
    return this.#waiting.length
  }

  /** When the next is due; `undefined` when none waits. */
  get nextDelayMs (): number | undefined {
    return this.#waiting[0]?.delayMs
  }

  /** Adds an address, or gives the one that waits another time; among those of the same time the last that was added goes last. */
  updateOrAdd (entry: AddrDelay): void {
    this.delete(entry.addr.toString())
    const before = this.#waiting.findIndex(({ delayMs }) => delayMs > entry.delayMs)
    this.#waiting.splice(before === -1 ? this.#waiting.length : before, 0, entry)
  }

  /** Takes out all that are due at the same time as the next. */
  nextBatch (): AddrDelay[] {
    const [first] = this.#waiting
    if (first === undefined) return []
    const end = this.#waiting.findIndex(({ delayMs }) => delayMs !== first.delayMs)
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end)
  }

  delete (addr: string): void {
    const index = this.#waiting.findIndex(entry => entry.addr.toString() === addr)
    if (index !== -1) this.#waiting.splice(index, 1)
  }

  clear (): void {
    this.#waiting.length = 0
  }
}
