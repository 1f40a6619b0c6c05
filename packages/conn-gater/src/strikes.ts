/** How often somebody was banned of late: a sliding window over times, bounded both ways. */
export class Strikes {
  readonly #times = new Map<string, readonly number[]>()
  readonly #init: { readonly windowMs: number, readonly max: number, readonly maxEach: number }

  /**
   * @param init - `maxEach`: how many of one are remembered, the newest; more would make no difference. `max`: of how many; whoever
   * was struck longest ago is forgotten
   */
  constructor (init: { readonly windowMs: number, readonly max: number, readonly maxEach: number }) {
    this.#init = init
  }

  get size (): number {
    return this.#times.size
  }

  /** Notes one. @returns how many there are in the window, this one included */
  add (key: string, nowMs: number): number {
    const { windowMs, max, maxEach } = this.#init
    const times = [...(this.#times.get(key) ?? []).filter(atMs => nowMs - atMs < windowMs), nowMs].slice(-maxEach)
    this.#times.delete(key) // and in again: the order is that of the last strike
    if (this.#times.size >= max) this.#times.delete(this.#times.keys().next().value as string)
    this.#times.set(key, times)
    return times.length
  }

  delete (key: string): void {
    this.#times.delete(key)
  }
}
