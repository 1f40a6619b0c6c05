import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { ECHO_PROTOCOL } from '@weir/host'
import type { ResourceScope, Stream } from '@weir/network'
import { createNode, type Node } from '@weir/node'
import { isPrometheusInstalled, PrometheusServer, type QueryResult } from '../src/prometheus-server.ts'

const ANSWER_WITHIN_MS = 30_000
const HELD_BYTES = 100_000
const MAX_ECHOES = 6
const listen = ['/ip4/127.0.0.1/tcp/0']

/** The values of an answer by one of its labels. */
const by = (label: string, results: readonly QueryResult[]): Record<string, number> => Object.fromEntries(results.map(({ labels, value }) => [labels[label] ?? '', value]))

/** The queries of go-libp2p's boards, in words of our own, against a node in a known state. */
describe('Prometheus', () => {
  let node: Node
  let clients: Node[]
  let prometheus: PrometheusServer
  let instance: string
  const streams: Stream[] = []

  /** Asks until the answer is the right one: a scrape may not have come yet. */
  async function answers (expression: string, expected: unknown, label = 'scope'): Promise<void> {
    for (let leftMs = ANSWER_WITHIN_MS; ; leftMs -= 100) {
      const results = by(label, await prometheus.query(expression))
      try {
        assert.deepEqual(results, expected, expression)
        return
      } catch (error) {
        if (leftMs <= 0) throw error
        await wait(100)
      }
    }
  }

  /** The same for what cannot be known to the digit. */
  async function positive (expression: string): Promise<void> {
    for (let leftMs = ANSWER_WITHIN_MS; ; leftMs -= 100) {
      const results = await prometheus.query(expression)
      if (results.length > 0 && results.every(({ value }) => value > 0 && value < Infinity)) return
      assert(leftMs > 0, `${expression} gives ${JSON.stringify(results)}`)
      await wait(100)
    }
  }

  before(async function () {
    if (!isPrometheusInstalled()) this.skip()
    node = await createNode({ listen, metrics: '127.0.0.1:0', limits: { Service: { 'weir.echo': { StreamsInbound: MAX_ECHOES } }, System: { Conns: 100, FD: 200 } } })
    instance = new URL(node.metricsUrl ?? '').host
    prometheus = await PrometheusServer.start(instance)
    await answers('up', { [instance]: 1 }, 'instance') // before anything happens: a rate needs something to rise from
    clients = await Promise.all(Array.from({ length: 3 }, async () => await createNode({ listen })))
    const [a, b, c] = clients
    assert(a !== undefined && b !== undefined && c !== undefined)
    for (const client of [a, b]) await client.host.connect({ peer: node.peer, addrs: node.addrs() })
    await node.host.connect({ peer: c.peer, addrs: c.addrs() })
    // One peer with a stream and one with five: the sixth of the service is the last.
    for (const [client, count] of [[a, 1], [b, MAX_ECHOES - 1]] as const) {
      for (let i = 0; i < count; i++) streams.push(await echo(client))
    }
    await assert.rejects(echo(b))
    await answers('libp2p_rcmgr_blocked_resources', { service: 1 }) // as in Go, it is there from the first refusal on
    for (let i = 0; i < 3; i++) await assert.rejects(echo(b))
    const echoing = node.network.conns().flatMap(conn => conn.streams()).find(({ protocol }) => protocol === ECHO_PROTOCOL)
    echoing?.scope.reserveMemory(HELD_BYTES, 255)
  })

  after(async () => {
    for (const stream of streams) stream.reset()
    await prometheus?.[Symbol.asyncDispose]()
    await Promise.all([node, ...clients ?? []].map(async node => { await node?.close() }))
  })

  async function echo (client: Node): Promise<Stream> {
    const stream = await client.host.newStream(node.peer, ECHO_PROTOCOL)
    await stream.write(Buffer.from('x'))
    assert.equal(String(Buffer.from(await stream.read() ?? [])), 'x')
    return stream
  }

  it('how many requests are refused', async () => {
    await answers(`libp2p_rcmgr_blocked_resources{instance="${instance}"}`, { service: 4 })
    await positive(`rate(libp2p_rcmgr_blocked_resources{instance="${instance}",dir="inbound",resource="stream"}[5m])`)
  })

  it('streams of the system, on their way, and by protocol', async () => {
    await answers('libp2p_rcmgr_streams{scope="system"}', { inbound: MAX_ECHOES, outbound: 0 }, 'dir')
    await answers('libp2p_rcmgr_streams{scope="transient"}', { inbound: 0, outbound: 0 }, 'dir')
    await answers(`sum by (protocol) (libp2p_rcmgr_streams{scope="protocol",protocol="${ECHO_PROTOCOL}"})`, { [ECHO_PROTOCOL]: MAX_ECHOES }, 'protocol')
  })

  it('streams of peers: the median, the most, and how many have so many', async () => {
    const now = '(libp2p_rcmgr_peer_streams_bucket{dir="inbound"} - libp2p_rcmgr_previous_peer_streams_bucket)'
    await answers(`histogram_quantile(1, ${now}) - 0.1`, { inbound: 4.9 }, 'dir')
    await answers(`histogram_quantile(0.5, ${now}) - 0.1`, { inbound: 0.9 }, 'dir')
    await answers(`sum without (instance) (${now}) and on (le) label_replace(vector(0), "le", "4", "", "")`, { 4: 1 }, 'le')
    await answers(`sum by (le) (${now}) and on (le) label_replace(vector(0), "le", "+Inf", "", "")`, { '+Inf': 2 }, 'le')
  })

  it('connections of the system, on their way, and of peers', async () => {
    await answers('libp2p_rcmgr_connections{scope="system"}', { inbound: 2, outbound: 1 }, 'dir')
    await answers('libp2p_rcmgr_connections{scope="transient"}', { inbound: 0, outbound: 0 }, 'dir')
    await answers('histogram_quantile(0.9, libp2p_rcmgr_peer_connections_bucket - libp2p_rcmgr_previous_peer_connections_bucket) - 0.1', { inbound: 0.8, outbound: 0.8 }, 'dir')
  })

  it('memory of the system, of protocols and services, and of peers', async () => {
    const { resourceManager } = node
    const bytesOf = (scope: ResourceScope): number => scope.stat().memoryBytes
    const [systemBytes, protocolBytes, serviceBytes] = [resourceManager.viewSystem(bytesOf), resourceManager.viewProtocol(ECHO_PROTOCOL, bytesOf), resourceManager.viewService('weir.echo', bytesOf)]
    assert.deepEqual([systemBytes >= HELD_BYTES, protocolBytes, serviceBytes], [true, HELD_BYTES, HELD_BYTES])
    await answers('libp2p_rcmgr_memory{scope="system"}', { system: systemBytes })
    await answers(`libp2p_rcmgr_memory{protocol="${ECHO_PROTOCOL}"} or libp2p_rcmgr_memory{service="weir.echo"}`, { protocol: protocolBytes, service: serviceBytes })
    await answers('sum(libp2p_rcmgr_peer_memory_count - libp2p_rcmgr_previous_peer_memory_count)', { '': clients.filter(({ peer }) => resourceManager.viewPeer(peer, bytesOf) > 0).length }, 'none')
    await positive('histogram_quantile(0.5, sum by (le) (libp2p_rcmgr_peer_memory_bucket - libp2p_rcmgr_previous_peer_memory_bucket))')
  })

  it('file descriptors', async () => {
    await answers('libp2p_rcmgr_fds', { system: 3, transient: 0 })
  })

  it('how much of each limit is in use', async () => {
    await answers('100 * sum by (scope) (libp2p_rcmgr_connections) / on (scope) libp2p_rcmgr_limit{resource="conns"}', { system: 3, transient: 0 })
    await answers('100 * libp2p_rcmgr_fds / on (scope) libp2p_rcmgr_limit{resource="fd"}', { system: 1.5, transient: 0 })
    await positive('libp2p_rcmgr_memory{scope="system"} / on (scope) libp2p_rcmgr_limit{resource="memory"}')
    await answers('libp2p_connmgr_connections / libp2p_connmgr_high_water', { '': 3 / (node.plan?.watermarks.highWater ?? 0) }, 'none')
  })

  it('connections of the swarm: those there are, how fast they come, and how long they took', async () => {
    await answers('sum by (dir) (libp2p_swarm_connections_opened_total - libp2p_swarm_connections_closed_total)', { inbound: 2, outbound: 1 }, 'dir')
    await answers('count by (transport, security, muxer) (libp2p_swarm_connections_opened_total{transport="tcp",security="/noise",muxer="/yamux/1.0.0",early_muxer="true",ip_version="ip4"})', { tcp: 2 }, 'transport')
    await answers('sum by (key_type) (libp2p_swarm_key_types_total)', { Ed25519: 3 }, 'key_type')
    await answers('libp2p_swarm_dials_per_peer_total{outcome="success"} > 0', { 1: 1 }, 'num_dials')
    await positive('histogram_quantile(0.95, sum by (le) (libp2p_swarm_handshake_latency_seconds_bucket{transport="tcp"}))')
    await positive('histogram_quantile(0.5, sum by (le) (rate(libp2p_swarm_dial_latency_seconds_bucket{outcome="success"}[5m])))')
    await positive('sum by (le) (increase(libp2p_swarm_dial_ranking_delay_seconds_bucket{le=~"0.001|0.75"}[5m])) + 1')
    await answers('libp2p_swarm_black_hole_filter_state', { UDP: 0, IPv6: 0 }, 'name')
  })

  it('is told in time when connections end', async () => {
    for (const stream of streams.splice(0)) stream.reset()
    await Promise.all(clients.map(async client => { await client.close() }))
    await answers('libp2p_rcmgr_connections{scope="system"}', { inbound: 0, outbound: 0 }, 'dir')
    await answers('sum by (dir) (libp2p_swarm_connections_opened_total - libp2p_swarm_connections_closed_total)', { inbound: 0, outbound: 0 }, 'dir')
    await answers('sum(libp2p_rcmgr_peer_streams_count - libp2p_rcmgr_previous_peer_streams_count)', { '': 0 }, 'none')
    await positive('histogram_quantile(0.5, sum by (le) (rate(libp2p_swarm_connection_duration_seconds_bucket[5m])))')
  })
})
