import { readFileSync } from 'node:fs'

// So many are measured one by one: to ask for the time on the processor costs more than the operation.
const ONE_BY_ONE = 30_000

/** What one operation costs. */
export interface OperationCost {
  /** On average, on the clock. */
  readonly meanNs: number
  /** The longest of a round, as all that follows of the thread's time on a processor: asking for it is in it. */
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
  const each = new Float64Array(Math.min(count, ONE_BY_ONE))
  const costs = Array.from({ length: rounds }, () => {
    globalThis.gc?.()
    const meanNs = run() * 1e6 / count
    for (let i = 0; i < each.length; i++, at++) each[i] = cpuMs(() => { operation(at) })
    each.sort()
    return { meanNs, ...tail(each) }
  })
  const least = (of: keyof OperationCost): number => Math.min(...costs.map(cost => cost[of]))
  return { meanNs: least('meanNs'), worstMs: least('worstMs'), p9999Ms: least('p9999Ms') }
}

/** The time of this thread on a processor that some work takes, collections on it included; the time on the clock where the system does not tell. */
export function cpuMs (work: () => void): number {
  const before = threadCpuMs()
  if (before === undefined) return timeMs(work)
  work()
  return (threadCpuMs() ?? before) - before
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
