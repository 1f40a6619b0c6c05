import type { HistogramSnapshot } from '@weir/network'

/**
 * How a use is spread over those who have it, as two histograms that only grow: their difference is how it is spread now, and a
 * monitoring system can tell what happened in between.
 *
 * @see reference/go-libp2p.md 2.11, "previous"
 */
export interface SpreadSnapshot {
  /** Each time when somebody came into a bucket. */
  readonly reached: HistogramSnapshot
  /** Each time when somebody left one. */
  readonly left: HistogramSnapshot
}

/**
 * Follows a use as it moves from bucket to bucket. A use of 0 counts as none.
 */
export class Spread {
  readonly #bounds: Float64Array
  // By bucket, and one more in front for those who have none, so that a move needs not to know.
  readonly #reached: Float64Array
  readonly #left: Float64Array
  #sum = 0

  /** @param bounds - rising, above 0 */
  constructor (bounds: readonly number[]) {
    this.#bounds = Float64Array.of(0, ...bounds)
    this.#reached = new Float64Array(bounds.length + 2)
    this.#left = new Float64Array(bounds.length + 2)
  }

  move (before: number, after: number): void {
    const from = this.#bucketOf(before)
    const to = this.#bucketOf(after)
    this.#sum += after - before
    if (from === to) return
    this.#left[from] = (this.#left[from] ?? 0) + 1
    this.#reached[to] = (this.#reached[to] ?? 0) + 1
  }

  /** The sum of what was reached is that of now: only its difference to the other one says anything. */
  snapshot (): SpreadSnapshot {
    const bounds = [...this.#bounds.subarray(1)]
    return {
      reached: { bounds, counts: [...this.#reached.subarray(1)], sum: this.#sum },
      left: { bounds, counts: [...this.#left.subarray(1)], sum: 0 }
    }
  }

  #bucketOf (use: number): number {
    const bounds = this.#bounds
    let bucket = 0
    while (bucket < bounds.length && use > (bounds[bucket] ?? 0)) bucket++
    return bucket
  }
}
