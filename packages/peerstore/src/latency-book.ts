import type { LatencyBook } from '@weir/network'
import { LATENCY_SMOOTHING } from './defaults.ts'
import type { PeerTable } from './peer-table.ts'

/** The latencies of a table's peers, as moving averages. The first value is taken as it is. */
export function latencyBook (table: PeerTable): LatencyBook {
  return {
    recordLatency (peer, latencyMs) {
      if (!Number.isFinite(latencyMs) || latencyMs < 0) throw new RangeError(`a latency must be 0 or more milliseconds, got ${latencyMs}`)
      table.updateFacts(peer, entry => {
        entry.latencyMs = entry.latencyMs === undefined ? latencyMs : (1 - LATENCY_SMOOTHING) * entry.latencyMs + LATENCY_SMOOTHING * latencyMs
      })
    },

    latencyEwmaMs: peer => table.find(peer)?.latencyMs ?? 0
  }
}
