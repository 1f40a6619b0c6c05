import { readFileSync } from 'node:fs'
import { GcWatch } from './gc-watch.ts'

/** What one operation costs. */
export interface OperationCost {
  /** On average. */
  readonly meanNs: number
  /** The longest of a round. */
  readonly worstMs: number
  /** The longest of a round in which the garbage collector did not run: its pause is the price of all that was allocated before. */
  readonly worstOwnMs: number
  /** All but one of ten thousand take no longer. */
  readonly p9999Ms: number
}

/**
 * Runs an operation so often to warm up, and then in rounds: so often on the clock, and so often one by one. The least of
 * all rounds counts, also of their longest: what the operation itself does is there in each, what others on the machine do is not.
 */
export async function measureOperation (operation: (index: number) => void, count: number, rounds: number): Promise<OperationCost> {
  let at = 0
  const run = (): number => {
    const start = performance.now()
    for (const end = at + count; at < end; at++) operation(at)
    return performance.now() - start
  }
  run()
  const each = new Float64Array(count)
  const starts = new Float64Array(count)
  const costs: OperationCost[] = []
  for (let round = 0; round < rounds; round++) {
    globalThis.gc?.()
    const meanNs = run() * 1e6 / count
    using watch = new GcWatch()
    for (let i = 0; i < count; i++, at++) {
      starts[i] = performance.now()
      each[i] = timeMs(() => { operation(at) })
    }
    const own = await watch.withoutGc(starts, each)
    costs.push({ meanNs, ...tail(each.sort()), worstOwnMs: own.reduce((a, b) => Math.max(a, b), 0) })
  }
  return leastOf(costs)
}

/** The least of each figure. */
export function leastOf (costs: readonly OperationCost[]): OperationCost {
  const least = (of: keyof OperationCost): number => Math.min(...costs.map(cost => cost[of]))
  return { meanNs: least('meanNs'), worstMs: least('worstMs'), worstOwnMs: least('worstOwnMs'), p9999Ms: least('p9999Ms') }
}

/** The end of times that are sorted. */
export function tail (sorted: ArrayLike<number>): Pick<OperationCost, 'worstMs' | 'p9999Ms'> {
  return { worstMs: sorted[sorted.length - 1] ?? 0, p9999Ms: sorted[Math.floor((sorted.length - 1) * 0.9999)] ?? 0 }
}

export function timeMs (work: () => void): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

/** The time that this thread has been on a processor so far: what others on the machine take does not count. `undefined` where the system does not tell. */
export function threadCpuMs (): number | undefined {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]) / 1e6
  } catch {
    return undefined
  }
}
