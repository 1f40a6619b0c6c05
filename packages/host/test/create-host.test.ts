import assert from 'node:assert/strict'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { identify, identifyPush } from '@libp2p/identify'
import { multiaddr } from '@multiformats/multiaddr'
import { turn } from '@weir/compliance'
import { ProtocolNotSupportedError } from '@weir/multistream'
import { ADDRESS_TTL_MS, DeadlineExceededError, NoConnError, type Stream, StreamResetError, systemClock } from '@weir/network'
import { createHost, HostClosedError, MissingPeerIdError, ping, registerEcho, registerPing, ServiceStartError } from '../src/index.ts'
import { hostPair, join, readAll, tcpHost, until } from './host-pair.ts'
import { nothingUnhandled } from './unhandled.ts'

const PROTOCOL = '/weir/test/1.0.0'

async function greet (stream: Stream): Promise<void> {
  await stream.write(Buffer.from('hello'))
  await stream.close()
}

describe('createHost', () => {
  describe('construction', () => {
    it('takes no unknown option, no wrong number, and no key but the network\'s', async () => {
      await using owned = await tcpHost()
      const { network } = owned.host
      const privateKey = await generateKeyPair('Ed25519')
      assert.throws(() => createHost({ network, privateKey, timeout: 1 } as never), /timeout/)
      assert.throws(() => createHost({ network, privateKey }), TypeError)
      assert.throws(() => createHost({ network, privateKey: owned.host.components.privateKey, negotiationTimeoutMs: Number.NaN }), RangeError)
    })

    it('has the network\'s peer, and addresses that name it', async () => {
      await using pair = await hostPair()
      const { b } = pair
      assert.equal(b.peer.toString(), b.network.localPeer.toString())
      assert.ok(b.addrs().length > 0)
      for (const addr of b.addrs()) assert.match(String(addr), new RegExp(`^/ip4/127.0.0.1/tcp/\\d+/p2p/${b.peer}$`))
    })
  })

  describe('connect', () => {
    it('dials an address that names its peer, and remembers it for a while', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      const [addr] = b.addrs()
      assert.ok(addr)
      const conn = await a.connect(addr)
      assert.equal(conn.remotePeer.toString(), b.peer.toString())
      assert.equal(await a.connect({ peer: b.peer }), conn, 'the connection that is there')
      assert.equal(a.network.peerstore.addrs(b.peer).length, 1)
    })

    it('dials a peer at addresses that are given', async () => {
      await using pair = await hostPair()
      const { a, b } = pair
      await a.connect({ peer: b.peer, addrs: b.network.listenAddresses() })
      assert.equal(a.network.conns().length, 1)
    })

    it('refuses an address that names nobody', async () => {
      await using pair = await hostPair()
      await assert.rejects(pair.a.connect(multiaddr('/ip4/127.0.0.1/tcp/1')), MissingPeerIdError.is)
    })
  })

  describe('newStream', () => {
    it('dials when there is no connection, and not with noDial', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      b.setStreamHandler(PROTOCOL, greet)
      a.network.peerstore.addAddrs(b.peer, b.network.listenAddresses(), ADDRESS_TTL_MS.temporary)
      await assert.rejects(a.newStream(b.peer, PROTOCOL, { noDial: 'a test' }), NoConnError.is)
      await using stream = await a.newStream(b.peer, PROTOCOL)
      assert.equal(String(await readAll(stream)), 'hello')
    })

    it('agrees on the caller\'s first choice that the remote speaks, and expects it the next time', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      for (const protocol of ['/x/1', '/x/2']) b.setStreamHandler(protocol, greet)
      await join(a, b)
      {
        await using stream = await a.newStream(b.peer, ['/x/3', '/x/2', '/x/1'])
        assert.equal(stream.protocol, '/x/2')
        assert.equal(String(await readAll(stream)), 'hello')
      }
      assert.deepEqual(a.network.peerstore.protocols(b.peer), ['/x/2'])
      await using stream = await a.newStream(b.peer, ['/x/1', '/x/2'])
      assert.equal(stream.protocol, '/x/2', 'known before unknown')
      assert.equal(stream.stat().readBytes, 0, 'nothing was waited for')
    })

    it('saves the round trip where the protocol is known: the first bytes are there with the proposal', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      registerEcho(b)
      await join(a, b)
      await (await a.newStream(b.peer, '/weir/echo/1.0.0')).close()
      const order: string[] = []
      const stream = await a.newStream(b.peer, '/weir/echo/1.0.0')
      await stream.write(Buffer.from('first'))
      order.push(`wrote, having read ${stream.stat().readBytes}`)
      assert.equal(String(await stream.read()), 'first')
      order.push('read')
      assert.deepEqual(order, ['wrote, having read 0', 'read'])
      await stream.close()
    })

    it('tells of a protocol that is not spoken, and leaves nothing open', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      await join(a, b)
      await assert.rejects(a.newStream(b.peer, ['/no/1', '/no/2']), (error: unknown) => ProtocolNotSupportedError.is(error) && error.protocols.length === 2)
      await until(() => [a, b].every(host => host.network.conns().every(conn => conn.streams().length === 0)), 'the streams are gone')
    })

    it('tells on read of a protocol that is spoken no more, and asks the next time', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      b.setStreamHandler(PROTOCOL, greet)
      await join(a, b)
      a.network.peerstore.addProtocols(b.peer, PROTOCOL)
      b.removeStreamHandler(PROTOCOL)
      {
        const stream = await a.newStream(b.peer, PROTOCOL)
        await stream.write(Buffer.from('anybody there?'))
        await assert.rejects(stream.read(), ProtocolNotSupportedError.is)
        await stream.close()
      }
      assert.deepEqual(a.network.peerstore.protocols(b.peer), [])
      await assert.rejects(a.newStream(b.peer, PROTOCOL), ProtocolNotSupportedError.is)
    })

    it('forgets what proved wrong whatever was sent along', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      await join(a, b)
      for (const sent of [new Uint8Array(32), new Uint8Array(32).fill(0xff), Buffer.from('\u0003ls\n'), Buffer.alloc(50_000, 'x')]) {
        a.network.peerstore.addProtocols(b.peer, PROTOCOL)
        const stream = await a.newStream(b.peer, PROTOCOL)
        await stream.write(sent)
        await assert.rejects(stream.read(), (error: unknown) => ProtocolNotSupportedError.is(error) || StreamResetError.is(error))
        assert.deepEqual(a.network.peerstore.protocols(b.peer), [])
        await stream.close()
      }
    })

    it('delivers all of a stream that was closed before any read', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      const got = Promise.withResolvers<string>()
      b.setStreamHandler(PROTOCOL, async stream => {
        got.resolve(String(await readAll(stream)))
        await stream.close()
      })
      await join(a, b)
      a.network.peerstore.addProtocols(b.peer, PROTOCOL)
      const stream = await a.newStream(b.peer, PROTOCOL)
      await stream.write(Buffer.alloc(100_000, 'x'))
      await stream.close()
      assert.equal((await got.promise).length, 100_000)
      await until(() => a.network.conns().every(conn => conn.streams().length === 0), 'the stream is gone')
    })

    it('gives up on a remote that does not answer', async () => {
      await using _ = nothingUnhandled()
      await using a = await tcpHost({ negotiationTimeoutMs: 100 })
      await using b = await tcpHost({})
      await b.host.network.listen(multiaddr('/ip4/127.0.0.1/tcp/0'))
      b.host.network.setStreamHandler(() => {}) // nobody reads
      await join(a.host, b.host)
      await assert.rejects(a.host.newStream(b.host.peer, PROTOCOL), DeadlineExceededError.is)
      for (const conn of b.host.network.conns()) for (const stream of conn.streams()) stream.reset()
    })

    it('gives up when the caller does', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      await join(a, b)
      const giveUp = new AbortController()
      b.network.setStreamHandler(async stream => {
        giveUp.abort(new Error('no more'))
        await stream.read()
        stream.reset()
      })
      await assert.rejects(a.newStream(b.peer, PROTOCOL, { signal: giveUp.signal }), /no more/)
      await assert.rejects(a.newStream(b.peer, []), RangeError)
      await assert.rejects(a.newStream(b.peer, PROTOCOL, { nodial: 'a typo' } as object), /nodial/)
      await assert.rejects(a.connect({ peer: b.peer }, { noDial: 'not for connect' } as object), /noDial/)
    })
  })

  describe('handlers', () => {
    it('resets the stream of a handler that rejects, and goes on', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      b.setStreamHandler('/bad', async () => { throw new Error('a bug') })
      b.setStreamHandler('/worse', () => { throw new Error('a bug') })
      registerPing(b)
      await join(a, b)
      for (const protocol of ['/bad', '/worse']) {
        const stream = await a.newStream(b.peer, protocol)
        await assert.rejects(readAll(stream), StreamResetError.is)
        stream.reset()
      }
      assert.ok(await ping(a, b.peer) > 0)
    })

    it('matches names', async () => {
      await using pair = await hostPair()
      const { a, b } = pair
      b.setStreamHandlerMatch('/any', id => id.startsWith('/any/'), async stream => {
        await stream.write(Buffer.from(stream.protocol ?? ''))
        await stream.close()
      })
      await join(a, b)
      await using stream = await a.newStream(b.peer, '/any/thing')
      assert.equal(String(await readAll(stream)), '/any/thing')
      assert.deepEqual(b.protocols(), ['/any'])
    })
  })

  describe('identify', () => {
    const services = { identify: identify(), identifyPush: identifyPush({ debounce: 10 }) }

    it('fills the peerstores on both sides, and with that saves the first round trip', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair({ services, userAgent: 'weir-test/1' })
      const { a, b, managers } = pair
      registerPing(b)
      await join(a, b)
      for (const [near, far] of [[a, b], [b, a]] as const) {
        const { peerstore } = near.network
        await until(() => peerstore.metadata(far.peer, 'AgentVersion') === 'weir-test/1', 'the agent version is known')
        assert.equal(peerstore.metadata(far.peer, 'ProtocolVersion'), 'ipfs/0.1.0')
        assert.ok(peerstore.supportsProtocols(far.peer, '/ipfs/id/1.0.0', '/ipfs/id/push/1.0.0').length === 2)
      }
      assert.deepEqual(a.network.peerstore.addrs(b.peer).map(String), b.network.listenAddresses().map(String))
      assert.deepEqual(a.network.peerstore.supportsProtocols(b.peer, '/ipfs/ping/1.0.0'), ['/ipfs/ping/1.0.0'])
      const stream = await a.newStream(b.peer, '/ipfs/ping/1.0.0')
      assert.equal(stream.stat().readBytes, 0)
      await stream.close()
      for (const { log } of managers) {
        assert.ok(log.includes('stream.setService libp2p.identify'))
        assert.ok(log.includes('stream.reserveMemory 8192 255'))
      }
    })

    it('keeps the addresses of a peer for a while when it has gone, and no longer', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair({ services })
      const { a, b } = pair
      await join(a, b)
      const { peerstore } = a.network
      await until(() => peerstore.metadata(b.peer, 'AgentVersion') !== undefined, 'identify')
      await a.network.closePeer(b.peer)
      peerstore.updateAddrs(b.peer, ADDRESS_TTL_MS.connected, 0)
      assert.equal(peerstore.addrs(b.peer).length, 1, 'no longer as long as it is connected')
      peerstore.updateAddrs(b.peer, ADDRESS_TTL_MS.recentlyConnected, 0)
      assert.equal(peerstore.addrs(b.peer).length, 0)
    })

    it('tells connected peers of a protocol that came later', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair({ services })
      const { a, b } = pair
      await join(a, b)
      await until(() => a.network.peerstore.metadata(b.peer, 'AgentVersion') !== undefined, 'identify')
      await until(() => b.network.peerstore.metadata(a.peer, 'AgentVersion') !== undefined, 'identify')
      b.setStreamHandler(PROTOCOL, greet)
      await until(() => a.network.peerstore.protocols(b.peer).includes(PROTOCOL), 'the push')
      b.removeStreamHandler(PROTOCOL)
      await until(() => !a.network.peerstore.protocols(b.peer).includes(PROTOCOL), 'the second push')
    })

    it('gives services the events of js-libp2p, in its order', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair({ services })
      const { a, b } = pair
      const heard: string[] = []
      const { events, connectionManager } = a.components
      for (const type of ['connection:open', 'connection:close', 'peer:connect', 'peer:disconnect', 'peer:identify'] as const) events.addEventListener(type, () => { heard.push(type) })
      let usable = ''
      events.addEventListener('connection:open', ({ detail }) => { usable = `${detail.status} ${detail.remotePeer}` })
      await join(a, b)
      assert.equal(usable, `open ${b.peer}`)
      await until(() => heard.includes('peer:identify'), 'identify')
      const [connection] = connectionManager.getConnections(b.peer)
      assert.ok(connection)
      assert.equal(await connectionManager.openConnection(b.peer), connection, 'one face to a connection')
      let closed = false
      connection.addEventListener('close', () => { closed = true })
      await a.network.closePeer(b.peer)
      assert.deepEqual(heard, ['connection:open', 'peer:connect', 'peer:identify', 'connection:close', 'peer:disconnect'])
      assert.equal(connection.status, 'closed')
      assert.equal(closed, true)
      assert.deepEqual(connectionManager.getConnections(), [])
    })

    it('survives a peer that identifies itself with nonsense', async () => {
      await using _ = nothingUnhandled()
      await using a = await tcpHost({ services })
      await using b = await tcpHost({})
      await b.host.network.listen(multiaddr('/ip4/127.0.0.1/tcp/0'))
      await a.host.start()
      let asked = 0
      b.host.setStreamHandler('/ipfs/id/1.0.0', async stream => {
        asked++
        await stream.write(Buffer.alloc(200, 0xff))
        await stream.close()
      })
      await join(a.host, b.host)
      await until(() => asked > 0, 'asked')
      await turn()
      assert.deepEqual(a.host.network.peerstore.protocols(b.host.peer).filter(protocol => !protocol.startsWith('/ipfs/id')), [])
    })
  })

  describe('lifecycle', () => {
    it('starts services in order, stops them in reverse, and closing twice is harmless', async () => {
      const calls: string[] = []
      const service = (name: string) => () => ({ start () { calls.push(`${name} start`) }, stop () { calls.push(`${name} stop`) } })
      await using owned = await tcpHost({ services: { one: service('one'), two: service('two') } })
      const { host } = owned
      assert.equal(typeof host.services.one.start, 'function')
      await Promise.all([host.start(), host.start()])
      await Promise.all([host.close(), host.close()])
      await host.close()
      assert.deepEqual(calls, ['one start', 'two start', 'two stop', 'one stop'])
      assert.throws(() => { host.setStreamHandler(PROTOCOL, greet) }, HostClosedError.is)
      await assert.rejects(host.start(), HostClosedError.is)
      await assert.rejects(host.newStream(host.peer, PROTOCOL), HostClosedError.is)
      await assert.rejects(host.connect({ peer: host.peer }), HostClosedError.is)
      assert.deepEqual(host.protocols(), [])
    })

    it('stops what was started when one service does not start', async () => {
      const calls: string[] = []
      await using owned = await tcpHost({
        services: {
          good: () => ({ start () { calls.push('start') }, stop () { calls.push('stop') } }),
          bad: () => ({ start () { throw new Error('no') }, stop () {} })
        }
      })
      await assert.rejects(owned.host.start(), (error: unknown) => ServiceStartError.is(error) && error.service === 'bad')
      assert.deepEqual(calls, ['start', 'stop'])
    })

    it('leaves the network open, and ends the streams whose handlers run', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      const began = Promise.withResolvers<void>()
      b.setStreamHandler(PROTOCOL, async stream => {
        began.resolve()
        await stream.read()
      })
      await join(a, b)
      const stream = await a.newStream(b.peer, PROTOCOL)
      await began.promise
      await b.close()
      await assert.rejects(stream.read(), StreamResetError.is)
      stream.reset()
      assert.equal(b.network.conns().length, 1)
      await assert.rejects(a.newStream(b.peer, PROTOCOL).then(async late => { await late.read() }))
    })

    it('sees connections that are older than itself', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      await join(a, b)
      await a.close()
      const again = createHost({ network: a.network, privateKey: a.components.privateKey, services: { identify: identify() } })
      assert.equal(again.components.connectionManager.getConnections(b.peer).length, 1)
      await again.close()
    })
  })

  it('has a clock, the machine\'s by default', async () => {
    await using owned = await tcpHost()
    assert.equal(owned.host.clock, systemClock)
  })
})
