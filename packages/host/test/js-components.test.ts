import assert from 'node:assert/strict'
import type { Stream as JsStream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { ADDRESS_TTL_MS } from '@weir/network'
import { DuplicateProtocolHandlerError, NotOfferedError, registerEcho, UnhandledProtocolError } from '../src/index.ts'
import { anyPeer } from './fake-conn.ts'
import { hostPair, join, until } from './host-pair.ts'
import { nothingUnhandled } from './unhandled.ts'

const PROTOCOL = '/weir/js-test/1.0.0'

async function text (stream: JsStream): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const bytes of stream) chunks.push(bytes.subarray())
  return Buffer.concat(chunks).toString()
}

const named = (name: string) => (error: unknown): boolean => error instanceof Error && error.name === name

describe('js components', () => {
  describe('registrar', () => {
    it('runs a js handler on js streams, both ways, and mirrors the protocol into our own peer', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      const { registrar, peerStore } = b.components
      let asked = ''
      await registrar.handle(PROTOCOL, async (stream, connection) => {
        asked = `${connection.remotePeer} ${connection.streams.includes(stream)} ${stream.protocol} ${stream.direction}`
        for await (const bytes of stream) stream.send(bytes)
        await stream.close()
      })
      assert.deepEqual((await peerStore.get(b.peer)).protocols, [PROTOCOL])
      assert.deepEqual(registrar.getProtocols(), [PROTOCOL])
      assert.deepEqual(b.protocols(), [PROTOCOL])
      assert.equal(typeof registrar.getHandler(PROTOCOL).handler, 'function')

      a.network.peerstore.addAddrs(b.peer, b.network.listenAddresses(), ADDRESS_TTL_MS.temporary)
      const stream = await a.components.connectionManager.openStream(b.peer, ['/weir/none', PROTOCOL])
      assert.equal(stream.protocol, PROTOCOL)
      stream.send(Buffer.from('hello'))
      await stream.close()
      assert.equal(await text(stream), 'hello')
      assert.equal(asked, `${a.peer} true ${PROTOCOL} inbound`)
      assert.ok((await a.components.peerStore.get(b.peer)).protocols.includes(PROTOCOL), 'what was agreed on is noted for js services')
      await until(() => [a, b].every(host => host.network.conns().every(conn => conn.streams().length === 0)), 'the streams are gone')

      await registrar.unhandle(PROTOCOL)
      await registrar.unhandle(PROTOCOL)
      assert.deepEqual((await peerStore.get(b.peer)).protocols, [])
      assert.throws(() => registrar.getHandler(PROTOCOL), UnhandledProtocolError.is)
    })

    it('takes no protocol away without force, and no handler of the host\'s own with unhandle', async () => {
      await using pair = await hostPair()
      const { registrar } = pair.b.components
      registerEcho(pair.b)
      await assert.rejects(registrar.handle('/weir/echo/1.0.0', () => {}), DuplicateProtocolHandlerError.is)
      await registrar.unhandle('/weir/echo/1.0.0')
      assert.deepEqual(registrar.getProtocols(), ['/weir/echo/1.0.0'])
      await registrar.handle('/weir/echo/1.0.0', () => {}, { force: true })
      await assert.rejects(registrar.handle('/x', () => {}, { signal: AbortSignal.abort(new Error('gone')) }), /gone/)
    })

    it('resets the stream of a js handler that rejects', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      await b.components.registrar.handle(PROTOCOL, async () => { throw new Error('a bug') })
      await join(a, b)
      const stream = await a.components.connectionManager.openStream(b.peer, PROTOCOL)
      await assert.rejects(text(stream))
      assert.equal(stream.status, 'reset')
    })

    it('bounds the streams of a protocol on one connection, either way', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      let running = 0
      await b.components.registrar.handle(PROTOCOL, async stream => {
        running++
        await text(stream).catch(() => {})
      }, { maxInboundStreams: 2 })
      await a.components.registrar.handle(PROTOCOL, () => {}, { maxOutboundStreams: 3 })
      await join(a, b)
      const { connectionManager } = a.components
      const streams = [await connectionManager.openStream(b.peer, PROTOCOL), await connectionManager.openStream(b.peer, PROTOCOL)]
      const refused = await connectionManager.openStream(b.peer, PROTOCOL)
      await assert.rejects(text(refused))
      assert.equal(running, 2)
      const third = await a.newStream(b.peer, PROTOCOL)
      await assert.rejects(connectionManager.openStream(b.peer, PROTOCOL), named('TooManyOutboundProtocolStreamsError'))
      third.reset()
      for (const stream of streams) stream.abort(new Error('done'))
    })

    it('notes no name that a remote made up', async () => {
      await using pair = await hostPair()
      const { a, b } = pair
      b.setStreamHandlerMatch('/any', id => id.startsWith('/any/'), async stream => { await stream.close() })
      registerEcho(b)
      await join(a, b)
      for (const protocol of ['/any/thing', '/weir/echo/1.0.0']) await (await a.newStream(b.peer, protocol)).close()
      await until(async () => await b.components.peerStore.has(a.peer), 'noted')
      assert.deepEqual((await b.components.peerStore.get(a.peer)).protocols, ['/weir/echo/1.0.0'])
    })

    it('has topologies, and no middleware', async () => {
      await using pair = await hostPair()
      const { registrar } = pair.b.components
      const topology = {}
      const id = await registrar.register(PROTOCOL, topology)
      assert.deepEqual(registrar.getTopologies(PROTOCOL), [topology])
      registrar.unregister(id)
      assert.deepEqual(registrar.getTopologies(PROTOCOL), [])
      assert.throws(() => { registrar.use(PROTOCOL, []) }, NotOfferedError.is)
      registrar.unuse(PROTOCOL)
      assert.deepEqual(registrar.getMiddleware(PROTOCOL), [])
    })

    it('tells a topology of a peer that has gone', async () => {
      await using pair = await hostPair()
      const { a, b } = pair
      registerEcho(b)
      const gone = Promise.withResolvers<string>()
      await a.components.registrar.register('/weir/echo/1.0.0', { onDisconnect: peer => { gone.resolve(String(peer)) } })
      await join(a, b)
      await (await a.newStream(b.peer, '/weir/echo/1.0.0')).close()
      await until(async () => await a.components.peerStore.has(b.peer), 'noted')
      await a.network.closePeer(b.peer)
      assert.equal(await gone.promise, String(b.peer))
    })
  })

  describe('connectionManager', () => {
    it('opens connections by peer, address or addresses', async () => {
      await using pair = await hostPair()
      const { a, b } = pair
      const { connectionManager } = a.components
      const [addr] = b.addrs()
      assert.ok(addr)
      const connection = await connectionManager.openConnection(addr)
      assert.equal(await connectionManager.openConnection([addr]), connection)
      assert.equal(await connectionManager.openConnection(b.peer, { force: true }), connection, 'there is no other way to the peer')
      assert.deepEqual(connectionManager.getConnections(), [connection])
      assert.deepEqual(connectionManager.getConnections(await anyPeer()), [])
      assert.equal(await connectionManager.isDialable(addr), true)
      assert.equal(await connectionManager.isDialable([multiaddr('/ip4/127.0.0.1/udp/1/quic-v1')]), false)
      await connectionManager.closeConnections(b.peer)
      assert.equal(connection.status, 'closed')
    })

    it('throws errors by the names of js-libp2p', async () => {
      await using pair = await hostPair()
      const { a, b } = pair
      const { connectionManager } = a.components
      await assert.rejects(connectionManager.openConnection(multiaddr('/ip4/127.0.0.1/tcp/1')), named('InvalidParametersError'))
      await assert.rejects(connectionManager.openConnection([multiaddr('/ip4/127.0.0.1/tcp/1')]), named('InvalidParametersError'))
      await assert.rejects(connectionManager.openConnection([]), RangeError)
      await join(a, b)
      await assert.rejects(connectionManager.openStream(b.peer, '/weir/none'), named('UnsupportedProtocolError'))
    })

    it('says what it does not do', async () => {
      await using pair = await hostPair()
      const { connectionManager } = pair.a.components
      assert.throws(() => connectionManager.getConnectionsMap(), NotOfferedError.is)
      assert.throws(() => { connectionManager.setMaxConnections(3) }, NotOfferedError.is)
      assert.equal(connectionManager.getMaxConnections(), Infinity)
      assert.deepEqual(connectionManager.getDialQueue(), [])
      assert.equal(connectionManager.acceptIncomingConnection({} as never), true)
      connectionManager.afterUpgradeInbound()
    })
  })

  it('has what services ask for beside', async () => {
    await using pair = await hostPair({ userAgent: 'weir-test/1.2.3' })
    const { components, peer, addrs } = { components: pair.b.components, peer: pair.b.peer, addrs: pair.b.addrs() }
    assert.deepEqual(components.nodeInfo, { name: 'weir', version: '1.2.3', userAgent: 'weir-test/1.2.3' })
    assert.ok(components.peerId.equals(peer))
    assert.ok(components.privateKey.publicKey.equals(peer.publicKey))
    assert.equal(components.upgrader.getStreamMuxers().size, 0)
    assert.deepEqual(components.addressManager.getAddresses().map(String), addrs.map(String))
    await until(async () => (await components.peerStore.get(peer)).addresses.length === addrs.length, 'our addresses are in our own entry')
    await pair.b.network.listenClose(...pair.b.network.listenAddresses())
    await until(async () => (await components.peerStore.get(peer)).addresses.length === 0, 'they are gone from it')
  })
})
