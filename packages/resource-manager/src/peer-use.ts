import { PEER_COUNT_BOUNDS, PEER_MEMORY_BOUNDS_BYTES } from './defaults.ts'
import { Spread, type SpreadSnapshot } from './spread.ts'

/** How what peers have in use is spread over them. */
export interface PeerUseSnapshot {
  readonly connsInbound: SpreadSnapshot
  readonly connsOutbound: SpreadSnapshot
  readonly streamsInbound: SpreadSnapshot
  readonly streamsOutbound: SpreadSnapshot
  readonly memoryBytes: SpreadSnapshot
}

/** The same, kept as it changes: the counts of all peers tell it. */
export class PeerUse {
  readonly connsInbound: Spread = new Spread(PEER_COUNT_BOUNDS)
  readonly connsOutbound: Spread = new Spread(PEER_COUNT_BOUNDS)
  readonly streamsInbound: Spread = new Spread(PEER_COUNT_BOUNDS)
  readonly streamsOutbound: Spread = new Spread(PEER_COUNT_BOUNDS)
  readonly memoryBytes: Spread = new Spread(PEER_MEMORY_BOUNDS_BYTES)

  snapshot (): PeerUseSnapshot {
    return {
      connsInbound: this.connsInbound.snapshot(),
      connsOutbound: this.connsOutbound.snapshot(),
      streamsInbound: this.streamsInbound.snapshot(),
      streamsOutbound: this.streamsOutbound.snapshot(),
      memoryBytes: this.memoryBytes.snapshot()
    }
  }
}
