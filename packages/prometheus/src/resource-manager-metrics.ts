import type { ScopeStat } from '@weir/network'
import type { PeerUseSnapshot, ResourceManagerState, ResourceSnapshot, ScopeSnapshot, SpreadSnapshot } from '@weir/resource-manager'
import { blockedSamples } from './blocked-samples.ts'
import { histogramSamples } from './histogram-samples.ts'
import { oncePerTurn } from './once-per-turn.ts'
import type { PulledMetricInit, Sample } from './pulled-metric.ts'

/** What is asked for the metrics of a resource manager. */
export type ResourceManagerSource = Pick<ResourceManagerState, 'snapshot'>

const RESOURCES = {
  memory: 'memoryBytes',
  fd: 'fd',
  conns: 'conns',
  conns_inbound: 'connsInbound',
  conns_outbound: 'connsOutbound',
  streams: 'streams',
  streams_inbound: 'streamsInbound',
  streams_outbound: 'streamsOutbound'
} as const satisfies Record<string, keyof ScopeSnapshot['limit']>

/** `libp2p_rcmgr_*`, as Go has them; and the memory of services, which its board asks for and it does not have. */
export function resourceManagerMetrics (manager: ResourceManagerSource): PulledMetricInit[] {
  const snapshot = oncePerTurn(() => manager.snapshot({ level: 'services' }))
  const gauge = (name: string, help: string, samples: (snapshot: ResourceSnapshot) => Sample[]): PulledMetricInit => ({ name: `libp2p_rcmgr_${name}`, help, type: 'gauge', samples: () => samples(snapshot()) })
  const ofPeers = (name: string, what: string, spreads: (use: PeerUseSnapshot) => [object, SpreadSnapshot][]): PulledMetricInit[] => [
    histogram(`libp2p_rcmgr_peer_${name}`, `${what} that a peer has: each time one came into a bucket`, name => spreads(snapshot().peerUse).flatMap(([labels, { reached }]) => histogramSamples(name, reached, labels))),
    histogram(`libp2p_rcmgr_previous_peer_${name}`, `${what} that a peer had: each time one left a bucket; those who came less those who left are there now`, name => spreads(snapshot().peerUse).flatMap(([labels, { left }]) => histogramSamples(name, left, labels)))
  ]
  return [
    gauge('connections', 'Connections', roots(({ numConnsInbound, numConnsOutbound }) => bothDirections(numConnsInbound, numConnsOutbound))),
    gauge('streams', 'Streams', snapshot => [
      ...roots(({ numStreamsInbound, numStreamsOutbound }) => bothDirections(numStreamsInbound, numStreamsOutbound))(snapshot),
      ...(snapshot.protocols ?? []).flatMap(({ name, stat }) => bothDirections(stat.numStreamsInbound, stat.numStreamsOutbound).map(under({ scope: 'protocol', protocol: name })))
    ]),
    gauge('memory', 'Bytes of memory that are reserved', snapshot => [
      ...roots(({ memoryBytes }) => [{ value: memoryBytes }])(snapshot),
      ...(snapshot.protocols ?? []).map(({ name, stat }) => ({ labels: { scope: 'protocol', protocol: name }, value: stat.memoryBytes })),
      ...(snapshot.services ?? []).map(({ name, stat }) => ({ labels: { scope: 'service', service: name }, value: stat.memoryBytes }))
    ]),
    gauge('fds', 'File descriptors', roots(({ numFD }) => [{ value: numFD }])),
    gauge('limit', 'Limits; +Inf where there is none', ({ system, transient }) => Object.entries({ system, transient }).flatMap(([scope, { limit }]) => Object.entries(RESOURCES).map(([resource, key]) => ({ labels: { scope, resource }, value: limit[key] })))),
    gauge('blocked_resources', 'Requests that were refused', ({ refusals }) => blockedSamples(refusals)),
    ...ofPeers('connections', 'Connections', ({ connsInbound, connsOutbound }) => [[{ dir: 'inbound' }, connsInbound], [{ dir: 'outbound' }, connsOutbound]]),
    ...ofPeers('streams', 'Streams', ({ streamsInbound, streamsOutbound }) => [[{ dir: 'inbound' }, streamsInbound], [{ dir: 'outbound' }, streamsOutbound]]),
    ...ofPeers('memory', 'Bytes of memory', ({ memoryBytes }) => [[{}, memoryBytes]])
  ]
}

function histogram (name: string, help: string, samples: (name: string) => Sample[]): PulledMetricInit {
  return { name, help, type: 'histogram', samples: () => samples(name) }
}

/** The samples of the two scopes that everything is charged to. */
function roots (samples: (stat: ScopeStat) => Sample[]): (snapshot: ResourceSnapshot) => Sample[] {
  return ({ system, transient }) => [
    ...samples(system.stat).map(under({ scope: 'system' })),
    ...samples(transient.stat).map(under({ scope: 'transient' }))
  ]
}

function bothDirections (inbound: number, outbound: number): Sample[] {
  return [{ labels: { dir: 'inbound' }, value: inbound }, { labels: { dir: 'outbound' }, value: outbound }]
}

function under (labels: NonNullable<Sample['labels']>): (sample: Sample) => Sample {
  return sample => ({ labels: { ...sample.labels, ...labels }, value: sample.value })
}
