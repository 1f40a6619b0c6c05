import { getHeapStatistics } from 'node:v8'

const BATCH = 256

/** What one operation costs. */
export interface Cost {
  /** Of time. */
  readonly ns: number
  /** Of the process's time on processors, its helper threads' included: what others on the machine take does not count. */
  readonly cpuNs: number
  readonly bytes: number
}

/** Runs an operation until the time is over, a tenth of it before for warming up. */
export function measure (operation: (index: number) => void, durationMs: number): Cost {
  let at = 0
  const run = (ms: number): number => {
    const first = at
    for (const until = performance.now() + ms; performance.now() < until;) {
      for (const end = at + BATCH; at < end; at++) operation(at)
    }
    return at - first
  }
  run(durationMs / 10)
  globalThis.gc?.()
  const before = allocatedBytes()
  const cpuBefore = process.cpuUsage()
  const start = performance.now()
  const operations = run(durationMs)
  const elapsedMs = performance.now() - start
  const { user, system } = process.cpuUsage(cpuBefore)
  return { ns: elapsedMs * 1e6 / operations, cpuNs: (user + system) * 1e3 / operations, bytes: (allocatedBytes() - before) / operations }
}

// All that was ever allocated, so that collections in between do not matter. Node 24 does not know it.
function allocatedBytes (): number {
  return (getHeapStatistics() as { total_allocated_bytes?: number }).total_allocated_bytes ?? Number.NaN
}
