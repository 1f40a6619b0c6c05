import assert from 'node:assert/strict'
import { memory } from '@libp2p/memory'
import { multiaddr } from '@multiformats/multiaddr'
import { within } from '@weir/compliance'
import { notifyBundle } from '@weir/network'
import type { Swarm } from '../src/index.ts'
import { acquaint, closeAll, readAll, swarmPair, swarms, tcpSwarm, until } from './swarm-pair.ts'

let nextAddr = 6_000_000

// swarm_event_test, swarm_notif_test
describe('the events of a swarm', () => {
  interface Events { readonly log: string[] }

  function listenTo (swarm: Swarm): Events {
    const log: string[] = []
    swarm.onConnectednessChanged(({ peer, connectedness }) => { log.push(`${connectedness} ${peer}`) })
    swarm.notify(notifyBundle({ connected: (_, conn) => { log.push(`conn ${conn.remotePeer}`) }, disconnected: (_, conn) => { log.push(`gone ${conn.remotePeer}`) } }))
    return { log }
  }

  it('ConnectednessEventsSingleConn: one of the connection and one of its end, on each side', async () => {
    await using pair = await swarmPair()
    const [a, b] = [listenTo(pair.a), listenTo(pair.b)]
    pair.b.setStreamHandler(async stream => {
      b.log.push('stream')
      await stream.close()
    })
    const stream = await pair.a.newStream(pair.b.localPeer)
    await stream.write(Buffer.from('x'))
    await readAll(stream)
    await pair.a.closePeer(pair.b.localPeer)
    await until(() => b.log.length === 5, 'b hears of all')
    assert.deepEqual(a.log, [`conn ${pair.b.localPeer}`, `Connected ${pair.b.localPeer}`, `gone ${pair.b.localPeer}`, `NotConnected ${pair.b.localPeer}`])
    assert.deepEqual(b.log, [`conn ${pair.a.localPeer}`, `Connected ${pair.a.localPeer}`, 'stream', `gone ${pair.a.localPeer}`, `NotConnected ${pair.a.localPeer}`])
  })

  it('ConnectednessEvents: a hundred peers come, half are closed, then the swarm', async () => {
    const hub = await tcpSwarm({ transports: [memory()] })
    await hub.listen(multiaddr(`/memory/${nextAddr++}`))
    const { log } = listenTo(hub)
    const peers = await Promise.all(Array.from({ length: 100 }, async () => await tcpSwarm({ transports: [memory()] })))
    for (const peer of peers) acquaint(peer, hub)
    await Promise.all(peers.map(async peer => await peer.dialPeer(hub.localPeer)))
    await until(() => hub.conns().length === 100, 'all are there')
    assert.equal(log.filter(line => line.startsWith('Connected')).length, 100)
    for (const peer of peers.slice(0, 50)) await hub.closePeer(peer.localPeer)
    assert.equal(log.filter(line => line.startsWith('NotConnected')).length, 50)
    await hub.close()
    const events = log.filter(line => /^(Not)?Connected/.test(line))
    assert.equal(events.length, 200)
    for (const peer of peers) assert.deepEqual(events.filter(line => line.endsWith(peer.localPeer.toString())), [`Connected ${peer.localPeer}`, `NotConnected ${peer.localPeer}`])
    await closeAll(peers)
  }).timeout(20_000)

  it('ConnectednessEventDeadlock: a listener that closes and dials from within stops nothing', async () => {
    const hub = await tcpSwarm({ transports: [memory()] })
    await hub.listen(multiaddr(`/memory/${nextAddr++}`))
    const seen: string[] = []
    hub.onConnectednessChanged(({ peer, connectedness }) => {
      seen.push(connectedness)
      void hub.closePeer(peer)
      void hub.dialPeer(peer).catch(() => {})
    })
    const peers = await Promise.all(Array.from({ length: 20 }, async () => await tcpSwarm({ transports: [memory()] })))
    for (const peer of peers) acquaint(peer, hub)
    await Promise.all(peers.map(async peer => { await peer.dialPeer(hub.localPeer).catch(() => {}) }))
    await until(() => seen.length >= 40, 'all came and went')
    await within(hub.close(), 'it closes')
    await closeAll(peers)
  }).timeout(20_000)

  it('Notifications: five swarms, each told of each connection and each end once', async () => {
    const all = await swarms(5)
    const logs = all.map(listenTo)
    await Promise.all(all.flatMap((a, index) => all.slice(index + 1).map(async b => await a.dialPeer(b.localPeer))))
    await until(() => all.every(swarm => swarm.conns().length === 4), 'all are connected')
    for (const [index, { log }] of logs.entries()) {
      assert.deepEqual(log.filter(line => line.startsWith('conn')).toSorted(), all.filter((_, other) => other !== index).map(({ localPeer }) => `conn ${localPeer}`).toSorted())
    }
    await closeAll(all)
    for (const { log } of logs) assert.equal(log.filter(line => line.startsWith('gone')).length, 4)
  })

  for (const when of ['connected', 'disconnected'] as const) {
    it(`may close connections from within ${when}`, async () => {
      await using pair = await swarmPair()
      let ends = 0
      pair.a.notify(notifyBundle({ [when]: (_: unknown, conn: { close (): Promise<void> }) => { void conn.close().then(() => { ends++ }) } }))
      const conn = await pair.a.dialPeer(pair.b.localPeer).catch(() => undefined)
      await conn?.close()
      await until(() => ends === 1, 'it has ended')
      assert.deepEqual(pair.a.conns(), [])
    })
  }
})
