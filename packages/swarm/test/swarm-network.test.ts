import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { multiaddr } from '@multiformats/multiaddr'
import { type Conn, ConnClosedError, Connectedness, ConnErrorCode, NoConnError, NoRemoteAddrsError, notifyBundle, type Stream } from '@weir/network'
import { DialError, DialToSelfError, ListenError, NoTransportError, SwarmClosedError } from '../src/index.ts'
import { acquaint, ANY_PORT, echo, readAll, swarmPair, tcpSwarm, until } from './swarm-pair.ts'

describe('a swarm over TCP, Noise and Yamux', () => {
  it('dials, and carries bytes both ways', async () => {
    await using pair = await swarmPair()
    pair.b.setStreamHandler(echo)
    const stream = await pair.a.newStream(pair.b.localPeer)
    const sent = randomBytes(1 << 20)
    const received = readAll(stream)
    await stream.write(sent)
    await stream.closeWrite()
    assert.equal(createHash('sha256').update(await received).digest('hex'), createHash('sha256').update(sent).digest('hex'))
    const { readBytes, writtenBytes } = stream.stat()
    assert.deepEqual({ readBytes, writtenBytes }, { readBytes: 1 << 20, writtenBytes: 1 << 20 })
    await stream.close()
  })

  it('knows its connections on both sides', async () => {
    await using pair = await swarmPair()
    const { a, b } = pair
    assert.equal(a.connectedness(b.localPeer), Connectedness.notConnected)
    const conn = await a.dialPeer(b.localPeer)
    await until(() => b.conns().length === 1, 'b has the connection')
    assert.equal(a.connectedness(b.localPeer), Connectedness.connected)
    assert.equal(b.connectedness(a.localPeer), Connectedness.connected)
    assert.deepEqual(a.peers().map(String), [b.localPeer.toString()])
    assert.deepEqual(a.conns(), [conn])
    assert.deepEqual(a.connsToPeer(b.localPeer), [conn])
    const [inbound] = b.conns()
    assert(inbound !== undefined)
    assert.equal(conn.stat().direction, 'outbound')
    assert.equal(inbound.stat().direction, 'inbound')
    assert.equal(inbound.remotePeer.toString(), a.localPeer.toString())
    assert.equal(inbound.remotePublicKey.toString(), a.localPeer.publicKey?.toString())
    assert.equal(inbound.localMultiaddr.toString(), b.listenAddresses()[0]?.toString())
    assert.equal(inbound.remoteMultiaddr.toString(), conn.localMultiaddr.toString())
    assert.deepEqual(conn.connState(), { streamMultiplexer: '/yamux/1.0.0', security: '/noise', transport: '@weir/tcp', usedEarlyMuxerNegotiation: true })
    assert.equal(await a.dialPeer(b.localPeer), conn, 'the connection that is there')
  })

  it('shares one dial among concurrent callers, each with a signal of its own', async () => {
    await using pair = await swarmPair()
    const abort = new AbortController()
    const leaver = pair.a.dialPeer(pair.b.localPeer, { signal: abort.signal })
    const others = [pair.a.dialPeer(pair.b.localPeer), pair.a.dialPeer(pair.b.localPeer)]
    abort.abort(new Error('not me'))
    await assert.rejects(leaver, /not me/)
    const [first, second] = await Promise.all(others)
    assert.equal(first, second)
    assert.equal(pair.a.conns().length, 1)
  })

  it('dials several addresses until one answers', async () => {
    await using pair = await swarmPair()
    const c = await tcpSwarm({ peerstore: pair.a.peerstore })
    pair.a.peerstore.setAddrs(pair.b.localPeer, pair.b.listenAddresses(), 0)
    pair.a.peerstore.addAddrs(pair.b.localPeer, [multiaddr('/ip4/127.0.0.1/tcp/1'), multiaddr('/ip4/127.0.0.1/udp/1/quic-v1'), ...pair.b.listenAddresses()], 60_000)
    assert.equal((await c.dialPeer(pair.b.localPeer)).remoteMultiaddr.toString(), pair.b.listenAddresses()[0]?.toString())
    await c.close()
  })

  it('says for each address why it did not answer', async () => {
    await using pair = await swarmPair()
    pair.a.peerstore.setAddrs(pair.b.localPeer, pair.b.listenAddresses(), 0)
    pair.a.peerstore.addAddrs(pair.b.localPeer, [multiaddr('/ip4/127.0.0.1/tcp/1'), multiaddr('/ip4/127.0.0.1/udp/1/quic-v1')], 60_000)
    await assert.rejects(pair.a.dialPeer(pair.b.localPeer), (error: unknown) => {
      assert(DialError.is(error))
      assert.deepEqual(error.failures.map(({ addr }) => addr.toString()).sort(), ['/ip4/127.0.0.1/tcp/1', '/ip4/127.0.0.1/udp/1/quic-v1'])
      assert(error.failures.some(({ cause }) => NoTransportError.is(cause)))
      assert.match(error.message, /ECONNREFUSED/)
      return true
    })
  })

  it('refuses what cannot work', async () => {
    await using pair = await swarmPair()
    const stranger = (await tcpSwarm()).localPeer
    await assert.rejects(pair.a.dialPeer(pair.a.localPeer), DialToSelfError.is)
    await assert.rejects(pair.a.dialPeer(stranger), NoRemoteAddrsError.is)
    await assert.rejects(pair.a.newStream(stranger, { noDial: 'test' }), NoConnError.is)
    await assert.rejects(pair.a.listen(multiaddr('/ip4/127.0.0.1/udp/0/quic-v1')), ListenError.is)
    assert.equal(pair.a.canDial(pair.b.localPeer, ANY_PORT), true)
    assert.equal(pair.a.canDial(pair.b.localPeer, multiaddr('/ip4/127.0.0.1/udp/0/quic-v1')), false)
    assert.equal(pair.a.canDial(pair.a.localPeer, ANY_PORT), false)
  })

  it('says which port is in use, and keeps the addresses that work', async () => {
    await using pair = await swarmPair()
    const [taken] = pair.b.listenAddresses()
    assert(taken !== undefined)
    await assert.rejects(pair.a.listen(taken), (error: unknown) => ListenError.is(error) && /EADDRINUSE/.test(error.message))
    await pair.a.listen(taken, ANY_PORT)
    assert.equal(pair.a.listenAddresses().length, 1)
  })

  it('listens, says where, and stops', async () => {
    const swarm = await tcpSwarm()
    const log: string[] = []
    swarm.notify(notifyBundle({ listen: (_, addr) => { log.push(`listen ${addr}`) }, listenClose: (_, addr) => { log.push(`listenClose ${addr}`) } }))
    await swarm.listen(multiaddr('/ip4/0.0.0.0/tcp/0'))
    const [addr] = swarm.listenAddresses()
    assert(addr !== undefined)
    assert.match(addr.toString(), /^\/ip4\/0\.0\.0\.0\/tcp\/[1-9]\d*$/)
    assert(swarm.interfaceListenAddresses().some(each => each.toString().startsWith('/ip4/127.0.0.1/tcp/')))
    await swarm.listenClose(addr)
    assert.deepEqual(swarm.listenAddresses(), [])
    assert.deepEqual(log, [`listen ${addr}`, `listenClose ${addr}`])
    await swarm.close()
  })

  it('tells of connections before their streams and of their ends after their beginnings', async () => {
    await using pair = await swarmPair()
    const log: string[] = []
    pair.b.notify(notifyBundle({ connected: () => { log.push('connected') }, disconnected: () => { log.push('disconnected') } }))
    pair.b.setStreamHandler(async stream => {
      log.push('stream')
      await stream.close()
    })
    const stream = await pair.a.newStream(pair.b.localPeer)
    await stream.write(new Uint8Array(1))
    assert.equal(await stream.read(), undefined)
    await pair.a.closePeer(pair.b.localPeer)
    await until(() => pair.b.conns().length === 0, 'b hears of the end')
    assert.deepEqual(log, ['connected', 'stream', 'disconnected'])
    assert.equal(pair.a.connectedness(pair.b.localPeer), Connectedness.notConnected)
  })

  it('may be closed from inside a notification', async () => {
    await using pair = await swarmPair()
    let closed: Promise<void> | undefined
    pair.b.notify(notifyBundle({ connected: (network) => { closed = network.close() } }))
    await pair.a.dialPeer(pair.b.localPeer).catch(() => {})
    await until(() => closed !== undefined, 'b was told')
    await closed
    await until(() => pair.a.conns().length === 0, 'a hears of the end')
  })

  it('says of a connection with which code it was closed, and by whom', async () => {
    await using pair = await swarmPair()
    const conn = await pair.a.dialPeer(pair.b.localPeer)
    await until(() => pair.b.conns().length === 1, 'b has it')
    const [other] = pair.b.conns()
    await conn.closeWithError(ConnErrorCode.garbageCollected)
    await assert.rejects(conn.newStream(), { code: 'CONN_CLOSED', errorCode: ConnErrorCode.garbageCollected, remote: false })
    await until(() => other?.isClosed() === true, 'b hears of the end')
    await assert.rejects(async () => { await other?.newStream() }, { code: 'CONN_CLOSED', remote: true })
  })

  it('refuses everything once it is closed, and closing twice is harmless', async () => {
    await using pair = await swarmPair()
    const conn = await pair.a.dialPeer(pair.b.localPeer)
    await Promise.all([pair.a.close(), pair.a.close()])
    assert.equal(conn.isClosed(), true)
    await assert.rejects(conn.newStream(), ConnClosedError.is)
    await assert.rejects(pair.a.dialPeer(pair.b.localPeer), SwarmClosedError.is)
    await assert.rejects(pair.a.newStream(pair.b.localPeer), SwarmClosedError.is)
    await assert.rejects(pair.a.listen(ANY_PORT), SwarmClosedError.is)
    assert.throws(() => { pair.a.addTransport(() => ({}) as never) }, SwarmClosedError.is)
  })

  it('ends dials under way when it is closed', async () => {
    await using pair = await swarmPair()
    const dial = pair.a.dialPeer(pair.b.localPeer)
    const closing = pair.a.close()
    await assert.rejects(dial, (error: unknown) => DialError.is(error) || SwarmClosedError.is(error))
    await closing
    assert.deepEqual(pair.a.conns(), [])
  })

  it('opens a hundred streams at once', async () => {
    await using pair = await swarmPair()
    pair.b.setStreamHandler(echo)
    const conn = await pair.a.dialPeer(pair.b.localPeer)
    await Promise.all(Array.from({ length: 100 }, async (_, index) => {
      const stream = await conn.newStream()
      await stream.write(Buffer.from(`stream ${index}`))
      await stream.closeWrite()
      assert.equal((await readAll(stream)).toString(), `stream ${index}`)
      await stream.close()
    }))
    assert.equal(conn.streams().length, 0)
    await until(() => pair.b.conns()[0]?.stat().numStreams === 0, 'b has no stream left')
  })

  it('dials again after the connection has ended', async () => {
    await using pair = await swarmPair()
    pair.b.setStreamHandler(echo)
    const first = await pair.a.dialPeer(pair.b.localPeer)
    await until(() => pair.b.conns().length === 1, 'b has the connection')
    await Promise.all(pair.b.conns().map(async (conn: Conn) => { await conn.close() }))
    await until(() => first.isClosed(), 'a hears of the end')
    assert.match(String(first.stat().extra.get('closeReason')), /remote/)
    const stream: Stream = await pair.a.newStream(pair.b.localPeer)
    assert.notEqual(stream.conn, first)
    await stream.close()
  })

  it('takes in connections in both directions between the same two', async () => {
    await using pair = await swarmPair()
    await pair.a.listen(ANY_PORT)
    acquaint(pair.b, pair.a)
    await Promise.all([pair.a.dialPeer(pair.b.localPeer), pair.b.dialPeer(pair.a.localPeer)])
    assert(pair.a.connsToPeer(pair.b.localPeer).length >= 1)
    await pair.a.closePeer(pair.b.localPeer)
    assert.equal(pair.a.connsToPeer(pair.b.localPeer).length, 0)
  })
})
