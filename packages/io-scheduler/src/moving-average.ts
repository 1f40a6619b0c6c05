/**
 * Bytes counted in total, and their exponential moving average in bytes a second.
 *
 * Whole numbers and their order of operations are Octez's: alpha is 200 thousandths.
 *
 * @see reference/tezos-p2p.md 4.2
 */
export class MovingAverage {
  #totalBytes = 0
  #currentBytes = 0
  #averageBytesPerSecond = 0

  get totalBytes (): number {
    return this.#totalBytes
  }

  get averageBytesPerSecond (): number {
    return this.#averageBytesPerSecond
  }

  add (bytes: number): void {
    this.#totalBytes += bytes
    this.#currentBytes += bytes
  }

  /** Ends an interval. One of no length is not over. */
  update (elapsedMs: number): void {
    const elapsed = Math.trunc(elapsedMs)
    if (elapsed <= 0) return
    this.#averageBytesPerSecond = Math.trunc(200 * this.#currentBytes / elapsed) + Math.trunc(800 * this.#averageBytesPerSecond / 1000)
    this.#currentBytes = 0
  }
}
