import type { MuxedStream } from '@weir/network'
import type { Case } from '../case.ts'

/** Where a case gets its streams from: two networks, or the two ends of one connection. */
export interface StreamSource {
  /** One stream: the end that opened it is near, the other is far. */
  stream (): Promise<{ readonly near: MuxedStream, readonly far: MuxedStream }>
}

export type StreamCase = Case<StreamSource>

export function streamCase (name: string, run: (source: StreamSource) => Promise<void>): StreamCase {
  return { name, run }
}

/** The cases of a trait, each on the near end of a stream whose far end says nothing. */
export function onNear (cases: readonly Case<MuxedStream>[]): StreamCase[] {
  return cases.map(({ name, run }) => streamCase(`a stream: ${name}`, async source => { await run((await source.stream()).near) }))
}
