import { YAMUX_INITIAL_WINDOW_BYTES } from '@weir/adapters'
import { MAX_CLOSED_STREAMS, MAX_WAITING_RESETS, SHARED_FRAME_BYTES, WRITE_TURN_BYTES } from './defaults.ts'
import { RECEIVE_OVERHEAD_BYTES } from './receive-buffer.ts'

const WINDOW = { per: 'stream', resource: 'memoryBytes', atLeast: YAMUX_INITIAL_WINDOW_BYTES, why: 'the first window of a Yamux stream' } as const

/** What a record of a stream that was closed here costs, its place in a map included. */
const CLOSED_STREAM_BYTES = 96

/** The objects of a stream, of which no one reads or writes. */
const STREAM_BYTES = 1_024

/** What `PlanPart` of `@weir/resource-manager` says of a need and of costs, as far as there are some here. */
export interface YamuxDemands {
  readonly name: '@weir/yamux'
  readonly needs: readonly { readonly per: 'stream', readonly scope: 'peerDefault' | 'system', readonly resource: 'memoryBytes', readonly atLeast: number, readonly why: string }[]
  readonly unreserved: { readonly perConnBytes: number, readonly perStreamBytes: number }
}

/**
 * What it demands of a node's limits, as data: a `PlanPart`. Windows are reserved; the rest is what a connection and a
 * stream hold on top, at most.
 */
export const YAMUX_DEMANDS: YamuxDemands = Object.freeze<YamuxDemands>({
  name: '@weir/yamux',
  needs: [{ ...WINDOW, scope: 'peerDefault' }, { ...WINDOW, scope: 'system' }],
  unreserved: {
    perConnBytes: WRITE_TURN_BYTES + SHARED_FRAME_BYTES + 16 * MAX_WAITING_RESETS + CLOSED_STREAM_BYTES * MAX_CLOSED_STREAMS,
    perStreamBytes: STREAM_BYTES + RECEIVE_OVERHEAD_BYTES
  }
})
