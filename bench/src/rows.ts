import type { Child } from './child-process.ts'
import type { Memory } from './settled-memory.ts'

/** The two processes of a peer. */
export interface Pair {
  readonly listener: Child
  readonly dialer: Child
  readonly address: string
}

/** How much is done in one round. */
export interface Size {
  readonly durationMs: number
  readonly mebibytes: number
  readonly idleConns: number
}

export interface Figure {
  /** Its row in the table. */
  readonly name: string
  readonly unit: string
  readonly better: 'more' | 'less'
  /** The ratio to js-libp2p, or the share of the cost model, that weir is to reach. */
  readonly goals: { readonly js?: number, readonly limits?: number }
}

/** What is measured together, in one pair of processes. */
export interface Row {
  /** For `--rows`. */
  readonly id: string
  readonly figures: readonly Figure[]
  /** Whether each round gets new processes, because what was before would be measured too. */
  readonly freshProcesses: boolean
  /** One round. @returns a value per figure */
  measure (pair: Pair, size: Size): Promise<number[]>
}

const MIB = 1024 * 1024
const WARM_CONNS = 20

function streams (id: string, name: string, lanes: number, goal: number): Row {
  return {
    id,
    figures: [{ name, unit: 'streams/s', better: 'more', goals: { js: goal } }],
    freshProcesses: false,
    measure: async ({ dialer, address }, size) => [await dialer.call<number>('measure', 'streams', address, { ...size, lanes })]
  }
}

function connections (id: string, name: string, lanes: number): Row {
  return {
    id,
    figures: [{ name, unit: 'connections/s', better: 'more', goals: { js: 2.5, limits: 0.7 } }],
    freshProcesses: false,
    measure: async ({ dialer, address }, size) => [await dialer.call<number>('measure', 'connections', address, { ...size, lanes })]
  }
}

async function idleMemory ({ listener, dialer, address }: Pair, { idleConns }: Size): Promise<number[]> {
  // What the first connections load and compile is not theirs.
  await dialer.call('hold', address, WARM_CONNS)
  await dialer.call('release')
  const before = await listener.call<Memory>('memory')
  await dialer.call('hold', address, idleConns)
  const after = await listener.call<Memory>('memory')
  const conns = await listener.call<number>('conns')
  if (conns !== idleConns) throw new Error(`the listener has ${conns} of ${idleConns} connections`)
  await dialer.call('release')
  return [(after.heapBytes - before.heapBytes) / conns, (after.rssBytes - before.rssBytes) / conns]
}

export const ROWS: readonly Row[] = Object.freeze([
  streams('stream-1', 'stream: open, echo 32 bytes, close; one after another', 1, 4),
  streams('stream-64', 'stream: open, echo 32 bytes, close; 64 at once', 64, 5),
  {
    id: 'throughput',
    figures: [{ name: 'one stream, writes of 1 MiB', unit: 'MiB/s', better: 'more', goals: { js: 1.3, limits: 0.8 } }],
    freshProcesses: false,
    measure: async ({ dialer, address }: Pair, size: Size) => [await dialer.call<number>('measure', 'throughput', address, { ...size, lanes: 1 }) / MIB]
  },
  connections('connection-1', 'connection: dial, secure, mux, close; one after another', 1),
  connections('connection-16', 'connection: dial, secure, mux, close; 16 dialers', 16),
  {
    id: 'memory',
    figures: [
      { name: 'idle connection of the listener: heap and external', unit: 'bytes', better: 'less', goals: { js: 0.5 } },
      { name: 'idle connection of the listener: resident set', unit: 'bytes', better: 'less', goals: { js: 0.5 } }
    ],
    freshProcesses: true,
    measure: idleMemory
  }
])
