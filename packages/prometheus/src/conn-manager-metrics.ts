import type { ConnManagerInfo, WatermarkConnManager } from '@weir/conn-manager'
import { oncePerTurn } from './once-per-turn.ts'
import type { PulledMetricInit } from './pulled-metric.ts'

/** What is asked for the metrics of a connection manager. */
export type ConnManagerSource = Pick<WatermarkConnManager, 'info'>

const METRICS: ReadonlyArray<readonly [name: string, type: 'counter' | 'gauge', help: string, value: (info: ConnManagerInfo) => number | undefined]> = [
  ['low_water', 'gauge', 'How many connections a trim leaves', info => info.lowWater],
  ['high_water', 'gauge', 'From how many connections on they are trimmed', info => info.highWater],
  ['connections', 'gauge', 'Connections that it knows of', info => info.numConns],
  ['peers', 'gauge', 'Peers that are connected', info => info.numPeers],
  ['untrusted_inbound_connections', 'gauge', 'Inbound connections of peers that were neither trusted nor protected', info => info.numUntrustedInbound],
  ['untrusted_inbound_connections_limit', 'gauge', 'How many of these there may be; +Inf where there is no limit', info => info.maxUntrustedInbound],
  ['temporary_peers', 'gauge', 'Peers with tags and without a connection', info => info.numTempPeers],
  ['protected_peers', 'gauge', 'Peers with a protection, connected or not', info => info.numProtectedPeers],
  ['protected_peers_in_force', 'gauge', 'Connected peers that are spared for their protection', info => info.numProtectedInForce],
  ['last_trim_timestamp_seconds', 'gauge', 'When connections were trimmed last', ({ lastTrimMs }) => lastTrimMs === undefined ? undefined : lastTrimMs / 1_000],
  ['trims_total', 'counter', 'Trims', info => info.numTrims],
  ['trimmed_connections_total', 'counter', 'Connections that trims closed', info => info.numTrimmedConns],
  ['rooms_made_total', 'counter', 'Newcomers for whom a connection was ended', info => info.numRoomsMade],
  ['rooms_refused_total', 'counter', 'Newcomers for whom there was none to end', info => info.numRoomsRefused],
  ['ignored_tags_total', 'counter', 'Tags that there was no room for', info => info.numIgnoredTags],
  ['ignored_protections_total', 'counter', 'Protections that there was no room for', info => info.numIgnoredProtections]
]

/** `libp2p_connmgr_*`: Go has none, so the names are ours. */
export function connManagerMetrics (manager: ConnManagerSource): PulledMetricInit[] {
  const info = oncePerTurn(() => manager.info())
  return METRICS.map(([name, type, help, value]) => ({
    name: `libp2p_connmgr_${name}`,
    help,
    type,
    samples () {
      const now = value(info())
      return now === undefined ? [] : [{ value: now }]
    }
  }))
}
