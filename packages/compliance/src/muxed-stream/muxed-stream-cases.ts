import type { StreamCase } from './stream-case.ts'
import { streamEndCases } from './stream-end-cases.ts'
import { streamReadCases } from './stream-read-cases.ts'

/** What every `MuxedStream` must do, whoever made it. */
export const muxedStreamCases: readonly StreamCase[] = [...streamReadCases, ...streamEndCases]
