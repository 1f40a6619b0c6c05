import type { BlackHoleSnapshot, ConnLabels, Swarm, SwarmMetrics } from '@weir/swarm'
import { histogramSamples } from './histogram-samples.ts'
import { oncePerTurn } from './once-per-turn.ts'
import type { PulledMetricInit, Sample } from './pulled-metric.ts'

/** What is asked for the metrics of a swarm. */
export type SwarmSource = Pick<Swarm, 'metrics'>

// As Go numbers them.
const BLACK_HOLE_STATES: Readonly<Record<BlackHoleSnapshot['state'], number>> = { probing: 0, allowed: 1, blocked: 2 }

/** `libp2p_swarm_*`, as Go has them. */
export function swarmMetrics (swarm: SwarmSource): PulledMetricInit[] {
  const snapshot = oncePerTurn(() => swarm.metrics())
  const metric = (type: PulledMetricInit['type']) => (name: string, help: string, samples: (metrics: SwarmMetrics, name: string) => Sample[]): PulledMetricInit => {
    const full = `libp2p_swarm_${name}`
    return { name: full, help, type, samples: () => samples(snapshot(), full) }
  }
  const [counter, gauge, histogram] = [metric('counter'), metric('gauge'), metric('histogram')]
  return [
    counter('connections_opened_total', 'Connections that were opened', ({ conns }) => conns.map(({ labels, opened }) => ({ labels: { ...labels }, value: opened }))),
    counter('connections_closed_total', 'Connections that were closed', ({ conns }) => conns.map(({ labels, closed }) => ({ labels: { ...labels }, value: closed }))),
    counter('key_types_total', 'Kinds of keys of the peers that were connected', ({ keyTypes }) => keyTypes.map(({ dir, keyType, count }) => ({ labels: { dir, key_type: keyType }, value: count }))),
    counter('dial_errors_total', 'Addresses that could not be dialled', ({ dialErrors }) => dialErrors.map(({ transport, error, ipVersion, count }) => ({ labels: { transport, error, ip_version: ipVersion }, value: count }))),
    counter('dials_per_peer_total', 'Dials of peers, by the number of addresses that were dialled', ({ dials }) => dials.map(({ outcome, numDials, latencySeconds: { counts } }) => ({ labels: { outcome, num_dials: numDials }, value: counts.reduce((sum, count) => sum + count, 0) }))),
    histogram('dial_latency_seconds', 'From the first caller to the end of the dial of a peer', ({ dials }, name) => dials.flatMap(({ outcome, numDials, latencySeconds }) => histogramSamples(name, latencySeconds, { outcome, num_dials: numDials }))),
    histogram('dial_ranking_delay_seconds', 'What the address that answered first had waited for its turn', ({ dialRankingDelaySeconds }, name) => histogramSamples(name, dialRankingDelaySeconds)),
    histogram('connection_duration_seconds', 'From the opening of a connection to its end', ({ conns }, name) => conns.flatMap(({ labels, durationSeconds }) => histogramSamples(name, durationSeconds, { ...labels }))),
    histogram('handshake_latency_seconds', 'From the dial of an address to the connection', ({ conns }, name) => conns.flatMap(({ labels, handshakeSeconds }) => labels.dir === 'outbound' ? histogramSamples(name, handshakeSeconds, withoutDirection(labels)) : [])),
    gauge('black_hole_filter_state', '0 probing, 1 allowed, 2 blocked', ({ blackHoles }) => blackHoles.map(({ name, state }) => ({ labels: { name }, value: BLACK_HOLE_STATES[state] }))),
    gauge('black_hole_filter_success_fraction', 'The share of the last dials of this kind that succeeded', ({ blackHoles }) => blackHoles.map(({ name, successRatio }) => ({ labels: { name }, value: successRatio }))),
    gauge('black_hole_filter_next_request_allowed_after', 'Blocked: after how many requests one is let through', ({ blackHoles }) => blackHoles.map(({ name, nextProbeAfter }) => ({ labels: { name }, value: nextProbeAfter })))
  ]
}

function withoutDirection ({ dir: _, ...labels }: ConnLabels): Omit<ConnLabels, 'dir'> {
  return labels
}
