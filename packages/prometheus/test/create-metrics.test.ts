import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { createConnManager } from '@weir/conn-manager'
import { Histogram } from '@weir/network'
import { createResourceManager, infiniteLimits, type ResourceSnapshot } from '@weir/resource-manager'
import type { SwarmMetrics } from '@weir/swarm'
import { Registry } from 'prom-client'
import { createMetrics, type MetricsInit } from '../src/index.ts'
import { type Exposition, parseExposition } from './exposition.ts'

const ADDR = multiaddr('/ip4/127.0.0.1/tcp/1')
const peer = (name: string): { type: string, toString (): string } => ({ type: 'test', toString: () => name })

async function scrape (init: MetricsInit): Promise<Exposition> {
  return parseExposition(await createMetrics(init).metrics())
}

/** The lines of one metric, without its name. */
function linesOf ({ values }: Exposition, name: string): Record<string, number> {
  return Object.fromEntries([...values].filter(([series]) => series === name || series.startsWith(`${name}{`)).map(([series, value]) => [series.slice(name.length), value]))
}

function histogramOf (...values: number[]): ReturnType<Histogram['snapshot']> {
  const histogram = new Histogram([0.5, 1])
  for (const value of values) histogram.observe(value)
  return histogram.snapshot()
}

const conn = { dir: 'outbound', transport: 'tcp', security: '/noise', muxer: '/yamux/1.0.0', early_muxer: 'true', ip_version: 'ip4' } as const

const SWARM: SwarmMetrics = {
  conns: [
    { labels: conn, opened: 3, closed: 1, durationSeconds: histogramOf(0.7), handshakeSeconds: histogramOf(0.1, 0.1, 9) },
    { labels: { ...conn, dir: 'inbound' }, opened: 1, closed: 0, durationSeconds: histogramOf(), handshakeSeconds: histogramOf() }
  ],
  keyTypes: [{ dir: 'inbound', keyType: 'Ed25519', count: 1 }],
  dialErrors: [{ transport: 'tcp', error: 'connection refused', ipVersion: 'ip4', count: 2 }],
  dials: [{ outcome: 'success', numDials: '>=6', latencySeconds: histogramOf(0.1, 0.6) }],
  dialRankingDelaySeconds: histogramOf(0.5),
  blackHoles: [{ name: 'UDP', state: 'blocked', successRatio: 0.02, nextProbeAfter: 7 }]
}

describe('createMetrics', () => {
  it('shows the resource manager under Go\'s names', async () => {
    await using manager = createResourceManager()
    using held = new DisposableStack()
    held.use(manager.openConnection('inbound', true, ADDR)).setPeer(peer('a'))
    held.use(manager.openConnection('outbound', true, ADDR))
    const stream = held.use(manager.openStream(peer('a'), 'inbound'))
    stream.setProtocol('/a')
    stream.setService('service')
    stream.reserveMemory(5_000, 255)
    held.use(manager.openStream(peer('b'), 'outbound'))
    const exposition = await scrape({ resourceManager: manager })
    assert.deepEqual(linesOf(exposition, 'libp2p_rcmgr_connections'), {
      '{dir="inbound",scope="system"}': 1, '{dir="outbound",scope="system"}': 1, '{dir="inbound",scope="transient"}': 0, '{dir="outbound",scope="transient"}': 1
    })
    assert.deepEqual(linesOf(exposition, 'libp2p_rcmgr_streams'), {
      '{dir="inbound",scope="system"}': 1, '{dir="outbound",scope="system"}': 1, '{dir="inbound",scope="transient"}': 0, '{dir="outbound",scope="transient"}': 1,
      '{dir="inbound",scope="protocol",protocol="/a"}': 1, '{dir="outbound",scope="protocol",protocol="/a"}': 0
    })
    assert.deepEqual(linesOf(exposition, 'libp2p_rcmgr_memory'), { '{scope="system"}': 5_000, '{scope="transient"}': 0, '{scope="protocol",protocol="/a"}': 5_000, '{scope="service",service="service"}': 5_000 })
    assert.deepEqual(linesOf(exposition, 'libp2p_rcmgr_fds'), { '{scope="system"}': 2, '{scope="transient"}': 1 })
    assert.equal(exposition.values.get('libp2p_rcmgr_peer_connections_bucket{dir="inbound",le="1"}'), 1)
    assert.equal(exposition.values.get('libp2p_rcmgr_peer_memory_bucket{le="4096"}'), 0)
    assert.equal(exposition.values.get('libp2p_rcmgr_peer_memory_bucket{le="32768"}'), 1)
    assert.equal(exposition.values.get('libp2p_rcmgr_peer_memory_sum'), 5_000)
    assert.equal(exposition.values.get('libp2p_rcmgr_previous_peer_memory_count'), 0)
    assert.deepEqual([...new Set([...exposition.types].map(([name, type]) => name.includes('peer_') ? type : `${type}s`))].sort(), ['gauges', 'histogram'])
  })

  it('shows limits as they are, and none as +Inf', async () => {
    await using manager = createResourceManager({ limits: infiniteLimits })
    const text = await createMetrics({ resourceManager: manager }).metrics()
    assert.match(text, /^libp2p_rcmgr_limit\{scope="system",resource="conns_inbound"\} \+Inf$/m)
  })

  it('adds up refusals that Go does not tell apart', async () => {
    const refusals: ResourceSnapshot['refusals'] = [
      { scope: 'peer', resource: 'stream', direction: 'inbound', count: 1 },
      { scope: 'protocol', resource: 'stream', direction: 'inbound', count: 2 },
      { scope: 'protocol-peer', resource: 'stream', direction: 'inbound', count: 3 },
      { scope: 'allowlisted-system', resource: 'memory', direction: undefined, count: 4 }
    ]
    await using manager = createResourceManager()
    const snapshot = manager.snapshot()
    const exposition = await scrape({ resourceManager: { snapshot: () => ({ ...snapshot, refusals }) } })
    assert.deepEqual(linesOf(exposition, 'libp2p_rcmgr_blocked_resources'), {
      '{dir="inbound",scope="peer",resource="stream"}': 1, '{dir="inbound",scope="protocol",resource="stream"}': 5, '{dir="",scope="allowlistedSystem",resource="memory"}': 4
    })
  })

  it('shows the swarm under Go\'s names', async () => {
    const exposition = await scrape({ swarm: { metrics: () => SWARM } })
    const outbound = '{dir="outbound",transport="tcp",security="/noise",muxer="/yamux/1.0.0",early_muxer="true",ip_version="ip4"}'
    assert.equal(linesOf(exposition, 'libp2p_swarm_connections_opened_total')[outbound], 3)
    assert.equal(linesOf(exposition, 'libp2p_swarm_connections_closed_total')[outbound], 1)
    assert.equal(linesOf(exposition, 'libp2p_swarm_connection_duration_seconds_count')[outbound], 1)
    assert.deepEqual(linesOf(exposition, 'libp2p_swarm_handshake_latency_seconds_bucket'), Object.fromEntries([['0.5', 2], ['1', 2], ['+Inf', 3]].map(([le, value]) => [`{transport="tcp",security="/noise",muxer="/yamux/1.0.0",early_muxer="true",ip_version="ip4",le="${le}"}`, value])))
    assert.deepEqual(linesOf(exposition, 'libp2p_swarm_key_types_total'), { '{dir="inbound",key_type="Ed25519"}': 1 })
    assert.deepEqual(linesOf(exposition, 'libp2p_swarm_dial_errors_total'), { '{transport="tcp",error="connection refused",ip_version="ip4"}': 2 })
    assert.deepEqual(linesOf(exposition, 'libp2p_swarm_dials_per_peer_total'), { '{outcome="success",num_dials=">=6"}': 2 })
    assert.deepEqual(linesOf(exposition, 'libp2p_swarm_dial_latency_seconds_sum'), { '{outcome="success",num_dials=">=6"}': 0.7 })
    assert.deepEqual(linesOf(exposition, 'libp2p_swarm_dial_ranking_delay_seconds_bucket'), { '{le="0.5"}': 1, '{le="1"}': 1, '{le="+Inf"}': 1 })
    assert.deepEqual(['state', 'success_fraction', 'next_request_allowed_after'].map(name => linesOf(exposition, `libp2p_swarm_black_hole_filter_${name}`)['{name="UDP"}']), [2, 0.02, 7])
    assert.equal(exposition.types.get('libp2p_swarm_connections_opened_total'), 'counter')
  })

  it('shows the connection manager', async () => {
    await using manager = createConnManager({ lowWater: 5, highWater: 9 })
    const exposition = await scrape({ connManager: manager })
    assert.deepEqual([...exposition.values].filter(([, value]) => value !== 0), [['libp2p_connmgr_low_water', 5], ['libp2p_connmgr_high_water', 9], ['libp2p_connmgr_untrusted_inbound_connections_limit', Infinity]])
    assert.equal(exposition.types.get('libp2p_connmgr_trims_total'), 'counter')
    assert.equal(exposition.values.has('libp2p_connmgr_last_trim_timestamp_seconds'), false)
    const trimmed = await scrape({ connManager: { info: () => ({ ...manager.info(), lastTrimMs: 1_500 }) } })
    assert.equal(trimmed.values.get('libp2p_connmgr_last_trim_timestamp_seconds'), 1.5)
  })

  it('takes one snapshot for a scrape, and another for the next', async () => {
    let snapshots = 0
    const registry = createMetrics({ swarm: { metrics: () => { snapshots++; return SWARM } } })
    await registry.metrics()
    assert.equal(snapshots, 1)
    await registry.metrics()
    assert.equal(snapshots, 2)
  })

  it('answers with the failure of a snapshot, and with the next one', async () => {
    let broken = true
    const registry = createMetrics({ swarm: { metrics: () => { if (broken) throw new Error('broken'); return SWARM } } })
    await assert.rejects(registry.metrics(), { message: 'broken' })
    broken = false
    assert.match(await registry.metrics(), /connections_opened_total/)
  })

  it('goes into a registry that is there, one node each', async () => {
    const registry = new Registry()
    registry.setDefaultLabels({ node: 'a' })
    assert.equal(createMetrics({ swarm: { metrics: () => SWARM }, registry }), registry)
    assert.match(await registry.metrics(), /dial_errors_total\{transport="tcp",error="connection refused",ip_version="ip4",node="a"\} 2/)
    assert.throws(() => createMetrics({ swarm: { metrics: () => SWARM }, registry }), /already been registered/)
    registry.resetMetrics()
    assert.match(await registry.metrics(), /dial_errors_total\{.*\} 2/)
  })

  it('goes into a registry of the OpenMetrics kind', async () => {
    const registry = new Registry()
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never)
    createMetrics({ swarm: { metrics: () => SWARM }, registry })
    const text = await registry.metrics()
    assert.match(text, /^# TYPE libp2p_swarm_dial_errors counter$/m)
    assert.match(text, /^libp2p_swarm_dial_errors_total\{/m)
    assert.match(text, /# EOF\n$/)
  })

  it('has nothing of what it is not given, and refuses what it does not know', async () => {
    assert.equal((await createMetrics({}).metrics()).trim(), '')
    assert.throws(() => createMetrics({ swarms: {} } as object), TypeError)
  })
})
