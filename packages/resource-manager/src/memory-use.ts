import { memoryUsage } from 'node:process'
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8'
import { machineBudget } from './machine-budget.ts'

/** How much memory this process uses and may use. */
export interface MemoryUse {
  /** Of objects that have survived for a while, which are what fills a heap. */
  readonly heapUsedBytes: number
  readonly heapLimitBytes: number
  /** Buffers and the like, outside of the heap. */
  readonly externalBytes: number
  readonly rssBytes: number
}

// The runtime's limit is the sum of both generations, and the process ends when the old one is full. It does not say how large
// the young one may be: by default that is 96 MiB (48 in older versions), and less in a heap that is small itself.
const YOUNG_GENERATION_BYTES = 100_663_296

/** This process at this moment. Takes some microseconds. */
export function memoryUse (): MemoryUse {
  const { external, rss } = memoryUsage()
  const { heap_size_limit: limit } = getHeapStatistics()
  const heapUsedBytes = getHeapSpaceStatistics().reduce((sum, { space_name: name, space_used_size: used }) => name.startsWith('new_') ? sum : sum + used, 0)
  return { heapUsedBytes, heapLimitBytes: limit - Math.min(YOUNG_GENERATION_BYTES, limit / 2), externalBytes: external, rssBytes: rss }
}

/** What the process may use altogether: the host's memory, or what its control group leaves of it. */
export function processMemoryLimit (): number {
  return machineBudget().machineMemoryBytes
}
