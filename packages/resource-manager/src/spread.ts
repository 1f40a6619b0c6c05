import { Histogram, type HistogramSnapshot } from '@weir/network'

/**
 * How a use is spread over those who have it, as two histograms that only grow: their difference is how it is spread now, and a
 * monitoring system can tell what happened in between.
 *
 * @see reference/go-libp2p.md 2.11, "previous"
 */
export interface SpreadSnapshot {
  /** Every value that was reached. */
  readonly reached: HistogramSnapshot
  /** Every value that was left. */
  readonly left: HistogramSnapshot
}

/** Follows a use as it moves. Moving costs the same however many there are; a use of 0 counts as none. */
export class Spread {
  readonly #reached: Histogram
  readonly #left: Histogram

  constructor (bounds: readonly number[]) {
    this.#reached = new Histogram(bounds)
    this.#left = new Histogram(bounds)
  }

  move (before: number, after: number): void {
    if (before === after) return
    if (before !== 0) this.#left.observe(before)
    if (after !== 0) this.#reached.observe(after)
  }

  snapshot (): SpreadSnapshot {
    return { reached: this.#reached.snapshot(), left: this.#left.snapshot() }
  }
}
