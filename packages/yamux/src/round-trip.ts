/** The time that a ping and its answer take, smoothed as go-yamux does. */
export class RoundTrip {
  readonly #intervalMs: number
  #rttMs = 0
  #pingId = 0
  #sentMs = -Infinity
  #waiting = false

  /** @param intervalMs - how old a measurement may be */
  constructor (intervalMs: number) {
    this.#intervalMs = intervalMs
  }

  /** 0 while it is not known. */
  get rttMs (): number {
    return this.#rttMs
  }

  /** Whether it is to be measured. */
  isDue (nowMs: number): boolean {
    return nowMs - this.#sentMs >= this.#intervalMs
  }

  /** A ping is sent now. @returns its number */
  begin (nowMs: number): number {
    this.#sentMs = nowMs
    this.#waiting = true
    this.#pingId = (this.#pingId + 1) >>> 0
    return this.#pingId
  }

  /** A ping was answered; an answer to no question is none. */
  end (pingId: number, nowMs: number): void {
    if (!this.#waiting || pingId !== this.#pingId) return
    this.#waiting = false
    const rttMs = nowMs - this.#sentMs
    this.#rttMs = this.#rttMs === 0 ? rttMs : (this.#rttMs + rttMs) / 2
  }
}
