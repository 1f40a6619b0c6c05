import { memoryUsage } from 'node:process'
import { getHeapStatistics } from 'node:v8'
import { machineBudget } from './machine-budget.ts'

/** How much memory this process uses and may use. */
export interface MemoryUse {
  readonly heapUsedBytes: number
  readonly heapLimitBytes: number
  /** Buffers and the like, outside of the heap. */
  readonly externalBytes: number
  readonly rssBytes: number
}

/** This process at this moment. */
export function memoryUse (): MemoryUse {
  const { heapUsed, external, rss } = memoryUsage()
  return { heapUsedBytes: heapUsed, heapLimitBytes: getHeapStatistics().heap_size_limit, externalBytes: external, rssBytes: rss }
}

/** What the process may use altogether: the host's memory, or what its control group leaves of it. */
export function processMemoryLimit (): number {
  return machineBudget().machineMemoryBytes
}
