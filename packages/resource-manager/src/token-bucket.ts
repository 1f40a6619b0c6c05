/** So many at once, and then so many a second. */
export interface Rate {
  /** How fast what was used comes back. `Infinity` is no limit; with 0 nothing ever comes back. */
  readonly perSecond: number
  /** How many may come at once. */
  readonly burst: number
}

/** One rate's state: how many are left. Knows no clock: whoever asks says what time it is. */
export class TokenBucket {
  readonly rate: Rate
  #tokens: number
  #atMs: number

  constructor (rate: Rate, nowMs: number) {
    this.rate = rate
    this.#tokens = rate.burst
    this.#atMs = nowMs
  }

  /** Whether there is one to be taken. */
  has (nowMs: number): boolean {
    return this.available(nowMs) >= 1
  }

  /** Whether nobody would miss it: one made anew has as many. */
  isFull (nowMs: number): boolean {
    return this.available(nowMs) >= this.rate.burst
  }

  /** Takes one. Ask `has` before. */
  take (): void {
    this.#tokens--
  }

  /** How many there are, with fractions. */
  available (nowMs: number): number {
    const { perSecond, burst } = this.rate
    if (perSecond === Infinity) return Infinity
    if (nowMs > this.#atMs) {
      this.#tokens = Math.min(burst, this.#tokens + (nowMs - this.#atMs) / 1_000 * perSecond)
      this.#atMs = nowMs
    }
    return this.#tokens
  }
}
