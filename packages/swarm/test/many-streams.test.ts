import assert from 'node:assert/strict'
import { memory } from '@libp2p/memory'
import { multiaddr } from '@multiformats/multiaddr'
import { recordingResourceManager } from '@weir/compliance'
import type { Conn, Stream } from '@weir/network'
import { acquaint, closeAll, echo, readAll, swarmPair, tcpSwarm, until } from './swarm-pair.ts'

const DOT = '.'.charCodeAt(0)

/** Sends a text that names the stream, and gets it back. */
async function roundTrip (stream: Stream, name: string): Promise<void> {
  await stream.write(Buffer.from(name))
  await stream.closeWrite()
  assert.equal(String(await readAll(stream)), name)
}

describe('many streams', () => {
  it('1,000 of one connection are open at the same time, each with its own bytes', async () => {
    const scopes = [recordingResourceManager(), recordingResourceManager()] as const
    await using pair = await swarmPair({ resourceManager: scopes[0] }, { resourceManager: scopes[1] })
    pair.b.setStreamHandler(echo)
    const conn = await pair.a.dialPeer(pair.b.localPeer)
    const streams: Stream[] = []
    // A few at a time: js yamux may have no more than this unaccepted.
    for (let wave = 0; wave < 10; wave++) {
      const opened = await Promise.all(Array.from({ length: 100 }, async () => await conn.newStream()))
      await Promise.all(opened.map(async stream => { await stream.write(Buffer.from('.')) }))
      await Promise.all(opened.map(async stream => { assert.equal((await stream.read())?.[0], DOT) }))
      streams.push(...opened)
    }
    assert.deepEqual([conn.stat().numStreams, pair.b.conns()[0]?.stat().numStreams], [1_000, 1_000])
    await Promise.all(streams.map(async (stream, index) => { await roundTrip(stream, `stream ${index}`) }))
    await Promise.all(streams.map(async stream => { await stream.close() }))
    await until(() => scopes.every(scope => !scope.leftOpen().some(line => line.startsWith('openStream'))), `no stream is left: ${scopes.map(scope => [...new Set(scope.leftOpen())])}`)
    assert.equal(conn.isClosed(), false)
  }).timeout(60_000)

  it('100 connections with 100 streams each are open at the same time', async () => {
    const scopes = recordingResourceManager()
    const hub = await tcpSwarm({ transports: [memory()], resourceManager: scopes })
    await hub.listen(multiaddr('/memory/many-streams'))
    hub.setStreamHandler(echo)
    const peers = await Promise.all(Array.from({ length: 100 }, async () => await tcpSwarm({ transports: [memory()] })))
    for (const peer of peers) acquaint(peer, hub)
    const conns: Conn[] = await Promise.all(peers.map(async peer => await peer.dialPeer(hub.localPeer)))
    const streams: Stream[] = []
    for (const conn of conns) {
      const opened = await Promise.all(Array.from({ length: 100 }, async () => await conn.newStream()))
      await Promise.all(opened.map(async stream => { await stream.write(Buffer.from('.')) }))
      await Promise.all(opened.map(async stream => { assert.equal((await stream.read())?.[0], DOT) }))
      streams.push(...opened)
    }
    assert.equal(streams.length, 10_000)
    assert.equal(hub.conns().reduce((sum, conn) => sum + conn.stat().numStreams, 0), 10_000)
    for (let i = 0; i < streams.length; i += 500) await Promise.all(streams.slice(i, i + 500).map(async (stream, index) => { await roundTrip(stream, `${i + index}`) }))
    await Promise.all(streams.map(async stream => { await stream.close() }))
    await until(() => hub.conns().every(conn => conn.stat().numStreams === 0), 'no stream is left')
    assert(conns.every(conn => !conn.isClosed()))
    await closeAll([hub, ...peers])
    scopes.assertAllEnded()
  }).timeout(120_000)
})
