import assert from 'node:assert/strict'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { deny, type HistogramSnapshot, nullConnectionGater, nullResourceManager, ResourceLimitExceededError } from '@weir/network'
import { BlackHoleDetector, BlackHoleSuccessCounter, type SwarmMetrics } from '../src/index.ts'
import { acquaint, ANY_PORT, closeAll, swarmPair, tcpSwarm, until } from './swarm-pair.ts'

const total = ({ counts }: HistogramSnapshot): number => counts.reduce((sum, count) => sum + count)

/** Opened, closed, durations and handshakes of each kind. */
function counts ({ conns }: SwarmMetrics): unknown {
  return conns.map(({ labels: { dir }, opened, closed, durationSeconds, handshakeSeconds }) => [dir, opened, closed, total(durationSeconds), total(handshakeSeconds)])
}

describe('the metrics of a swarm', () => {
  it('counts connections by their kind, from open to close', async () => {
    await using pair = await swarmPair()
    await pair.a.dialPeer(pair.b.localPeer)
    await until(() => pair.b.conns().length === 1, 'the other side is ready')
    const { labels } = pair.a.metrics().conns[0] ?? {}
    assert.deepEqual(labels, { dir: 'outbound', transport: 'tcp', security: '/noise', muxer: '/yamux/1.0.0', early_muxer: 'true', ip_version: 'ip4' })
    assert.deepEqual(counts(pair.a.metrics()), [['outbound', 1, 0, 0, 1]])
    assert.deepEqual(counts(pair.b.metrics()), [['inbound', 1, 0, 0, 0]])
    assert.deepEqual(pair.b.metrics().keyTypes, [{ dir: 'inbound', keyType: 'Ed25519', count: 1 }])
    await pair.a.closePeer(pair.b.localPeer)
    await until(() => pair.b.conns().length === 0, 'the other side has heard of it')
    assert.deepEqual(counts(pair.a.metrics()), [['outbound', 1, 1, 1, 1]])
    assert.deepEqual(counts(pair.b.metrics()), [['inbound', 1, 1, 1, 0]])
    await pair.a.dialPeer(pair.b.localPeer)
    await until(() => pair.b.conns().length === 1, 'the other side is ready again')
    assert.deepEqual(counts(pair.a.metrics()), [['outbound', 2, 1, 1, 2]])
    assert.deepEqual(pair.a.metrics().dials.filter(({ latencySeconds }) => total(latencySeconds) > 0).map(({ outcome, numDials, latencySeconds }) => [outcome, numDials, total(latencySeconds)]), [['success', '1', 2]])
    assert.equal(total(pair.a.metrics().dialRankingDelaySeconds), 2)
  })

  it('opened less closed is what is open, whatever ended it', async () => {
    const [a, b] = [await tcpSwarm(), await tcpSwarm()]
    await b.listen(ANY_PORT)
    acquaint(a, b)
    for (let i = 0; i < 5; i++) {
      await a.dialPeer(b.localPeer)
      await until(() => b.conns().length === 1, 'the other side is ready')
      await (i % 2 === 0 ? a : b).closePeer(i % 2 === 0 ? b.localPeer : a.localPeer)
      await until(() => a.conns().length + b.conns().length === 0, 'both sides are rid of it')
    }
    await a.dialPeer(b.localPeer)
    await until(() => b.conns().length === 1, 'the other side is ready')
    await closeAll([a, b])
    for (const swarm of [a, b]) {
      for (const { opened, closed, durationSeconds } of swarm.metrics().conns) assert.deepEqual([opened, closed, total(durationSeconds)], [6, 6, 6])
    }
  })

  it('does not count a connection that nobody ever saw', async () => {
    await using pair = await swarmPair({}, { connectionGater: { ...nullConnectionGater, interceptUpgraded: () => deny('test') } })
    await pair.a.dialPeer(pair.b.localPeer).catch(() => {})
    await until(() => pair.a.conns().length === 0, 'it was refused')
    assert.deepEqual(pair.b.metrics().conns, [])
  })

  it('tells keys apart', async () => {
    await using pair = await swarmPair({ privateKey: await generateKeyPair('secp256k1') })
    await pair.a.dialPeer(pair.b.localPeer)
    await until(() => pair.b.conns().length === 1, 'the other side is ready')
    assert.deepEqual(pair.b.metrics().keyTypes, [{ dir: 'inbound', keyType: 'Secp256k1', count: 1 }])
  })

  it('counts what could not be dialled', async () => {
    await using pair = await swarmPair()
    const { localPeer } = pair.b
    await pair.b.close()
    await assert.rejects(pair.a.dialPeer(localPeer))
    assert.deepEqual(pair.a.metrics().dialErrors, [{ transport: 'tcp', error: 'connection refused', ipVersion: 'ip4', count: 1 }])
  })

  it('does not hold against an address what was refused here', async () => {
    const refusal = new ResourceLimitExceededError({ where: 'local', scope: { kind: 'system' }, resource: 'connection', direction: 'outbound', current: 0, attempted: 1, limit: 0 })
    await using pair = await swarmPair({ resourceManager: { ...nullResourceManager, openConnection () { throw refusal } } })
    await assert.rejects(pair.a.dialPeer(pair.b.localPeer))
    assert.deepEqual(pair.a.metrics().dialErrors, [])
  })

  it('shows what is known of black holes', async () => {
    const udp = new BlackHoleSuccessCounter({ window: 2, minSuccesses: 1 })
    const swarm = await tcpSwarm({ blackHoleDetector: new BlackHoleDetector({ udp }) })
    for (const success of [true, false]) udp.record(success)
    assert.deepEqual(swarm.metrics().blackHoles, [
      { name: 'UDP', state: 'allowed', successRatio: 0.5, nextProbeAfter: 0 },
      { name: 'IPv6', state: 'probing', successRatio: 0, nextProbeAfter: 0 }
    ])
    for (let i = 0; i < 2; i++) udp.record(false)
    udp.handleRequest()
    assert.deepEqual(swarm.metrics().blackHoles[0], { name: 'UDP', state: 'blocked', successRatio: 0, nextProbeAfter: 1 })
    assert.deepEqual(structuredClone(swarm.metrics()), swarm.metrics())
    await closeAll([swarm])
  })
})
