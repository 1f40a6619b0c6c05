import { type BasicGater, createBasicGater, type GaterDatastore } from '@weir/conn-gater'
import { LoopWatch } from './loop-watch.ts'

export interface Load {
  readonly ms: number
  /** Of all threads' time on processors. */
  readonly cpuMs: number
  /** The longest time in which nothing else had a turn. */
  readonly blockMs: number
  /** The same, in this thread's time on a processor. */
  readonly blockCpuMs: number
  /** Of heap and buffers, what the gater takes, by entry. */
  readonly bytesPerEntry: number
}

/** Makes a gater from a datastore. @throws when it has not all that is there */
export async function measureLoad (datastore: GaterDatastore, numEntries: number): Promise<Load & { readonly gater: BasicGater }> {
  const before = usedBytes()
  const cpuStart = process.cpuUsage()
  const start = performance.now()
  using watch = new LoopWatch()
  const gater = await createBasicGater({ datastore })
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(cpuStart)
  const { longestMs: blockMs, longestCpuMs: blockCpuMs } = watch
  if (gater.loadReport.numLoaded !== numEntries) throw new Error(`${gater.loadReport.numLoaded} of ${numEntries} entries were loaded`)
  return { gater, ms, cpuMs: (user + system) / 1_000, blockMs, blockCpuMs, bytesPerEntry: (usedBytes() - before) / numEntries }
}

function usedBytes (): number {
  for (let i = 0; i < 3; i++) globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
