/** What a histogram has seen: a plain, structured-cloneable snapshot. */
export interface HistogramSnapshot {
  /** The largest value of each bucket, rising. The last bucket, for what is larger, has none. */
  readonly bounds: readonly number[]
  /** Values in each bucket alone, one more than `bounds`. */
  readonly counts: readonly number[]
  /** Of all values. */
  readonly sum: number
}

/**
 * Counts values in fixed buckets. Its size never changes, and observing allocates nothing, so that it can stand on a hot path. The unit
 * is that of the values.
 */
export class Histogram {
  readonly #bounds: readonly number[]
  readonly #counts: Float64Array
  #sum = 0

  /** @throws {RangeError} for bounds that do not rise */
  constructor (bounds: readonly number[]) {
    if (bounds.some((bound, i) => !(bound > (bounds[i - 1] ?? -Infinity)))) throw new RangeError(`the bounds of a histogram must rise, got ${bounds.join(', ')}`)
    this.#bounds = bounds
    this.#counts = new Float64Array(bounds.length + 1)
  }

  /** A value that is no number counts as larger than all bounds. */
  observe (value: number): void {
    let bucket = 0
    while (bucket < this.#bounds.length && !(value <= (this.#bounds[bucket] ?? 0))) bucket++
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    this.#sum += value
  }

  snapshot (): HistogramSnapshot {
    return { bounds: [...this.#bounds], counts: [...this.#counts], sum: this.#sum }
  }
}

/** `count` bounds, each `factor` times the one before. */
export function exponentialBounds (first: number, factor: number, count: number): number[] {
  const bounds: number[] = []
  for (let bound = first; bounds.length < count; bound *= factor) bounds.push(bound)
  return bounds
}
