import { PerformanceObserver } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'

interface Pause {
  readonly startMs: number
  readonly endMs: number
}

/** Knows when the garbage collector held this thread. */
export class GcWatch implements Disposable {
  readonly #pauses: Pause[] = []
  readonly #observer = new PerformanceObserver(list => { this.#note(list.getEntries()) })

  constructor () {
    this.#observer.observe({ entryTypes: ['gc'] })
  }

  /** The durations of what the collector did not run in. Both arrays are in the order of the clock. */
  async withoutGc (startsMs: Float64Array, durationsMs: Float64Array): Promise<Float64Array> {
    await wait(20) // the runtime tells of its pauses a little later
    this.#note(this.#observer.takeRecords())
    const pauses = this.#pauses.sort((a, b) => a.startMs - b.startMs)
    let next = 0
    return durationsMs.filter((durationMs, i) => {
      const startMs = startsMs[i] ?? 0
      while ((pauses[next]?.endMs ?? Infinity) < startMs) next++
      return (pauses[next]?.startMs ?? Infinity) > startMs + durationMs
    })
  }

  [Symbol.dispose] (): void {
    this.#observer.disconnect()
  }

  #note (entries: readonly { readonly startTime: number, readonly duration: number }[]): void {
    for (const { startTime, duration } of entries) this.#pauses.push({ startMs: startTime, endMs: startTime + duration })
  }
}
