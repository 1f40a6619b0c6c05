import type { Child } from '../src/child-process.ts'

/** The two processes of a side, with one connection between them. */
export interface MuxerPair {
  readonly listener: Child
  readonly dialer: Child
}

export interface MuxerSize {
  readonly mebibytes: number
  readonly durationMs: number
  readonly idleStreams: number
}

/** One round of a row, with what is best of several known: rates are the more the better, all others the less. */
export interface Sample {
  /** Per second: MiB or streams. Not measured where memory is. */
  readonly rate?: number | undefined
  /** Time on processors for one MiB or one stream in microseconds; or bytes for one idle stream. */
  readonly dialer: number
  readonly listener: number
}

export interface MuxerRow {
  readonly id: string
  readonly name: string
  readonly unit: 'MiB' | 'stream' | 'idle stream'
  measure (pair: MuxerPair, size: MuxerSize): Promise<Sample>
}

/** Work that the dialer does and both pay for. */
async function timed ({ listener, dialer }: MuxerPair, call: 'throughput' | 'streams', ...args: number[]): Promise<Sample> {
  const cpuUs = async (): Promise<number[]> => await Promise.all([dialer, listener].map(child => child.call<number>('cpuUs')))
  const before = await cpuUs()
  const [count, seconds] = await dialer.call<[number, number]>(call, ...args)
  const [own = 0, other = 0] = (await cpuUs()).map((us, i) => (us - (before[i] ?? 0)) / count)
  return { rate: count / seconds, dialer: own, listener: other }
}

async function idleMemory ({ listener, dialer }: MuxerPair, { idleStreams }: MuxerSize): Promise<Sample> {
  const bytes = async (): Promise<number[]> => await Promise.all([dialer, listener].map(child => child.call<number>('memory')))
  await dialer.call('hold', idleStreams) // what the first ones load, compile and make room for is not theirs
  await dialer.call('release')
  const before = await bytes()
  await dialer.call('hold', idleStreams)
  const [own = 0, other = 0] = (await bytes()).map((after, i) => (after - (before[i] ?? 0)) / idleStreams)
  await dialer.call('release')
  return { dialer: own, listener: other }
}

export const MUXER_ROWS: readonly MuxerRow[] = Object.freeze([
  ...[1, 100, 1_000].map((streams): MuxerRow => ({
    id: `throughput-${streams}`,
    name: streams === 1 ? 'throughput, one stream, writes of 1 MiB' : `throughput, ${streams.toLocaleString('en')} streams at once`,
    unit: 'MiB',
    measure: (pair, { mebibytes }) => timed(pair, 'throughput', streams, mebibytes)
  })),
  ...[1, 100, 1_000].map((lanes): MuxerRow => ({
    id: `streams-${lanes}`,
    name: lanes === 1 ? 'open, echo 32 bytes, close; one after another' : `open, echo 32 bytes, close; ${lanes.toLocaleString('en')} at once`,
    unit: 'stream',
    measure: (pair, { durationMs }) => timed(pair, 'streams', lanes, durationMs)
  })),
  { id: 'memory', name: 'memory of an idle stream', unit: 'idle stream', measure: idleMemory }
])
