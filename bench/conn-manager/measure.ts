import { readFileSync } from 'node:fs'

/** What one operation costs. */
export interface OperationCost {
  /** On average. */
  readonly meanNs: number
  /** The longest of a round. */
  readonly worstMs: number
  /** All but one of ten thousand take no longer. */
  readonly p9999Ms: number
}

/**
 * Runs an operation so often to warm up, and then in rounds: so often on the clock, and so often one by one. The least of
 * all rounds counts, also of their longest: what the operation itself does is there in each, what others on the machine do is not.
 */
export function measureOperation (operation: (index: number) => void, count: number, rounds: number): OperationCost {
  let at = 0
  const run = (): number => {
    const start = performance.now()
    for (const end = at + count; at < end; at++) operation(at)
    return performance.now() - start
  }
  run()
  const each = new Float64Array(count)
  const costs = Array.from({ length: rounds }, () => {
    globalThis.gc?.()
    const meanNs = run() * 1e6 / count
    for (let i = 0; i < count; i++, at++) each[i] = timeMs(() => { operation(at) })
    each.sort()
    return { meanNs, ...tail(each) }
  })
  const least = (of: keyof OperationCost): number => Math.min(...costs.map(cost => cost[of]))
  return { meanNs: least('meanNs'), worstMs: least('worstMs'), p9999Ms: least('p9999Ms') }
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
