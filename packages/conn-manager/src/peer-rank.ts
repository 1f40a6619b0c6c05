import type { PeerRef } from '@weir/network'

/** Where a peer stands in the order in which a trim takes them, and why. A plain value. */
export interface PeerRank {
  readonly peer: PeerRef
  /** 0 goes first. Who is spared comes behind all others. */
  readonly rank: number
  /** What a trim would do to it now: `forget` the tags of one that never connected, `close`, `keep` because others are worth less, or `spare`. */
  readonly verdict: 'forget' | 'close' | 'keep' | 'spare'
  /** One sentence. */
  readonly reason: string
  readonly value: number
  readonly connIds: readonly string[]
  readonly numStreams: number
  /** Whether any of its connections came in. */
  readonly inbound: boolean
  /** The part of the net that it is in; empty when its address tells none. */
  readonly group: string
  /** Connections of its group that a trim keeps before it, and its own but one: 0 for the best of each group. */
  readonly crowding: number
}
