import assert from 'node:assert/strict'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { failingResourceManager, ManualClock, recordingResourceManager, turn, within } from '@weir/compliance'
import { ConnClosedError, Connectedness, type ConnectionGater, deny, LimitedConnError, NoConnError, notifyBundle, nullConnectionGater, ResourceLimitExceededError, type Stream } from '@weir/network'
import { SwarmClosedError, type Swarm, SwarmTimeoutError } from '../src/index.ts'
import { usesFd } from '../src/raw-conn.ts'
import { limitedPair } from './limited-pair.ts'
import { scriptedTransport } from './scripted-transport.ts'
import { acquaint, ANY_PORT, closeAll, echo, readAll, swarmPair, swarms, tcpSwarm, until } from './swarm-pair.ts'

// swarm_test
describe('the connections of a swarm', () => {
  for (const count of [2, 5]) {
    it(`PingPong: each of ${count} talks to each`, async () => {
      const all = await swarms(count)
      for (const swarm of all) swarm.setStreamHandler(echo)
      await Promise.all(all.flatMap(a => all.filter(b => b !== a).map(async b => {
        const stream = await a.newStream(b.localPeer)
        for (let i = 0; i < 10; i++) {
          await stream.write(Buffer.from('ping'))
          assert.equal(String(await stream.read()), 'ping')
        }
        await stream.close()
      })))
      for (const swarm of all) assert.equal(swarm.peers().length, count - 1)
      await closeAll(all)
    })
  }

  const gates: Record<string, { a?: Partial<ConnectionGater>, b?: Partial<ConnectionGater>, aToB: boolean, bToA: boolean }> = {
    'none': { aToB: true, bToA: true },
    'a denies to dial the peer': { a: { interceptPeerDial: () => deny('r') }, aToB: false, bToA: true },
    'a denies to dial the address': { a: { interceptAddrDial: () => deny('r') }, aToB: false, bToA: true },
    'b denies to accept': { b: { interceptAccept: () => deny('r') }, aToB: false, bToA: true },
    'b denies who dialled it': { b: { interceptSecured: direction => direction === 'inbound' ? deny('r') : nullConnectionGater.interceptSecured(direction, {} as never, {} as never) }, aToB: false, bToA: true },
    'a denies whom it dialled': { a: { interceptSecured: direction => direction === 'outbound' ? deny('r') : nullConnectionGater.interceptSecured(direction, {} as never, {} as never) }, aToB: false, bToA: true },
    'b denies upgraded ones': { b: { interceptUpgraded: () => deny('r') }, aToB: false, bToA: false },
    'a denies upgraded ones': { a: { interceptUpgraded: () => deny('r') }, aToB: false, bToA: false }
  }
  for (const [name, { a: gateA, b: gateB, aToB, bToA }] of Object.entries(gates)) {
    it(`ConnectionGating: ${name}`, async () => {
      const [a, b] = [await tcpSwarm({ connectionGater: { ...nullConnectionGater, ...gateA } }), await tcpSwarm({ connectionGater: { ...nullConnectionGater, ...gateB } })]
      for (const [from, to, expected] of [[a, b, aToB], [b, a, bToA]] as const) {
        if (to.listenAddresses().length === 0) await to.listen(ANY_PORT)
        acquaint(from, to)
        to.setStreamHandler(echo)
        const works = await from.newStream(to.localPeer).then(async stream => {
          await stream.write(Buffer.from('x'))
          return (await stream.read()) !== undefined
        }).catch(() => false)
        assert.equal(works, expected)
        await from.closePeer(to.localPeer)
        await until(() => from.conns().length + to.conns().length === 0, 'all is over')
      }
      await closeAll([a, b])
    })
  }

  it('NoDial: fails where there is no connection', async () => {
    await using pair = await swarmPair()
    await assert.rejects(pair.a.newStream(pair.b.localPeer, { noDial: 'a test' }), NoConnError.is)
    assert.deepEqual(pair.a.conns(), [])
  })

  it('CloseWithOpenStreams: ends them on both sides', async () => {
    await using pair = await swarmPair()
    const ended: string[] = []
    const { promise: begun, resolve } = Promise.withResolvers<void>()
    pair.b.setStreamHandler(async stream => {
      resolve()
      await readAll(stream).catch(() => { ended.push('b') })
    })
    const stream = await pair.a.newStream(pair.b.localPeer)
    await stream.write(Buffer.from('x'))
    const reading = stream.read().catch(() => { ended.push('a') })
    await begun // a stream that is reset before anybody has it is never handed out
    await pair.a.close()
    await reading
    await until(() => ended.length === 2, 'both readers end')
  })

  it('StreamCount: counts what opens and what ends, either way', async () => {
    await using pair = await swarmPair()
    const far: Stream[] = []
    pair.b.setStreamHandler(stream => { far.push(stream) })
    const conn = await pair.a.dialPeer(pair.b.localPeer)
    const near = await Promise.all(Array.from({ length: 10 }, async () => await conn.newStream()))
    for (const stream of near) await stream.write(Buffer.from('x'))
    const counts = (): (number | undefined)[] => [conn.stat().numStreams, pair.b.conns()[0]?.stat().numStreams]
    await until(() => counts().every(count => count === 10), 'ten on both sides')
    for (const stream of near.slice(0, 2)) stream.reset()
    for (const stream of far.slice(0, 2)) stream.reset()
    assert.equal(conn.stat().numStreams, 8)
    const ninth = await conn.newStream()
    assert.equal(conn.stat().numStreams, 9)
    ninth.reset()
    assert.equal(conn.stat().numStreams, 8)
    assert.equal(conn.streams().length, 8)
  })

  it('ResourceManagerNewStream: asks for a stream on both sides, charges its protocol, and ends it', async () => {
    const logs: string[][] = [[], []]
    const [a, b] = logs.map(log => recordingResourceManager(log))
    assert(a && b)
    await using pair = await swarmPair({ resourceManager: a }, { resourceManager: b })
    const handled = Promise.withResolvers<void>()
    pair.b.setStreamHandler(async stream => {
      stream.setProtocol('/test/1')
      await echo(stream)
      handled.resolve()
    })
    const stream = await pair.a.newStream(pair.b.localPeer)
    stream.setProtocol('/test/1')
    await stream.write(Buffer.from('x'))
    await stream.closeWrite()
    await readAll(stream)
    await stream.close()
    await handled.promise
    await turn()
    const ofStreams = (log: string[]): string[] => log.filter(line => /^(openStream|stream)/.test(line)).map(line => line.replace(/ 12D\w+/, ''))
    assert.deepEqual(logs.map(ofStreams), [['openStream outbound', 'stream.setProtocol /test/1', 'stream.done'], ['openStream inbound', 'stream.setProtocol /test/1', 'stream.done']])
  })

  it('ResourceManagerNewStream: passes a refusal on as it is', async () => {
    await using pair = await swarmPair({ resourceManager: failingResourceManager({ failAt: 1, of: 'openStream' }) })
    const conn = await pair.a.dialPeer(pair.b.localPeer)
    await assert.rejects(pair.a.newStream(pair.b.localPeer), (error: unknown) => ResourceLimitExceededError.is(error) && error.where === 'local')
    assert.deepEqual([conn.isClosed(), conn.stat().numStreams], [false, 0])
  })

  it('ResourceManagerAcceptStream: a stream that is refused is reset, and the connection goes on', async () => {
    await using pair = await swarmPair({}, { resourceManager: failingResourceManager({ failAt: 1, of: 'openStream' }) })
    pair.b.setStreamHandler(echo)
    const refused = await pair.a.newStream(pair.b.localPeer)
    await refused.write(Buffer.from('x')).catch(() => {})
    await assert.rejects(refused.read(), (error: unknown) => /reset|refused/.test(String(error)))
    refused.reset()
    const stream = await pair.a.newStream(pair.b.localPeer)
    await stream.write(Buffer.from('x'))
    assert.equal(String(await stream.read()), 'x')
    await stream.close()
    assert.equal(pair.a.conns().length, 1)
  })

  it('waits for a direct connection where there is only a limited one', async () => {
    const clock = new ManualClock()
    await using pair = await limitedPair({ clock })
    pair.b.setStreamHandler(echo)
    await pair.a.dialPeer(pair.b.localPeer)
    assert.equal(pair.a.connectedness(pair.b.localPeer), Connectedness.limited)
    await (await pair.a.newStream(pair.b.localPeer, { allowLimitedConn: 'a test' })).close()
    const opening = pair.a.newStream(pair.b.localPeer)
    await turn()
    pair.direct = true
    const direct = await pair.a.dialPeer(pair.b.localPeer, { forceDirectDial: 'hole punching' })
    assert.equal((await opening).conn, direct)
    assert.equal(pair.a.connectedness(pair.b.localPeer), Connectedness.connected)
    assert.equal((await pair.a.newStream(pair.b.localPeer)).conn, direct, 'the one that is not limited is the better one')
  })

  for (const [name, options, afterMs] of [['15 s by itself', {}, 15_000], ['as long as a dial may take, where a signal says nothing', { signal: new AbortController().signal }, 60_000]] as const) {
    it(`waits for it ${name}`, async () => {
      const clock = new ManualClock()
      await using pair = await limitedPair({ clock })
      await pair.a.dialPeer(pair.b.localPeer)
      let over = false
      const opening = pair.a.newStream(pair.b.localPeer, options).finally(() => { over = true })
      opening.catch(() => {})
      await clock.advanceAsync(afterMs - 1)
      assert.equal(over, false)
      await clock.advanceAsync(1)
      await assert.rejects(opening, error => LimitedConnError.is(error) && SwarmTimeoutError.is(error.cause))
      assert.equal(clock.pendingTimers, 0)
    })
  }

  it('says so where the direct one ends at once', async () => {
    await using pair = await limitedPair()
    await pair.a.dialPeer(pair.b.localPeer)
    const opening = pair.a.newStream(pair.b.localPeer)
    opening.catch(() => {})
    await turn()
    pair.direct = true
    pair.a.notify(notifyBundle({ connected: (_, conn) => { void conn.close() } }))
    await pair.a.dialPeer(pair.b.localPeer, { forceDirectDial: 'hole punching' }).catch(() => {})
    await assert.rejects(opening, LimitedConnError.is)
  })

  it('dials nobody twice for one stream', async () => {
    await using pair = await swarmPair()
    let dials = 0
    pair.a.notify(notifyBundle({ connected: (_, conn) => {
      dials++
      void conn.close()
    } }))
    await assert.rejects(pair.a.newStream(pair.b.localPeer), ConnClosedError.is)
    assert.equal(dials, 1)
  })

  it('waits for it no longer than the swarm is open, or the caller wants', async () => {
    await using pair = await limitedPair()
    await pair.a.dialPeer(pair.b.localPeer)
    const abort = new AbortController()
    const opening = pair.a.newStream(pair.b.localPeer, { signal: abort.signal })
    const other = pair.a.newStream(pair.b.localPeer)
    await turn()
    abort.abort(new Error('enough'))
    await assert.rejects(opening, /^Error: enough$/)
    await Promise.all([assert.rejects(other, SwarmClosedError.is), pair.a.close()])
  })

  it('tries another connection where one has ended under its hands, and dials once', async () => {
    await using pair = await swarmPair()
    const conn = await pair.a.dialPeer(pair.b.localPeer)
    const opening = pair.a.newStream(pair.b.localPeer)
    void conn.close()
    const stream = await opening.catch((error: unknown) => error)
    assert(ConnClosedError.is(stream) || (stream as Stream).conn !== conn)
  })

  it('close waits for handlers, but not for the one that it is called from', async () => {
    await using pair = await swarmPair({}, { closeTimeoutMs: 60_000 })
    const order: string[] = []
    const slow = Promise.withResolvers<void>()
    let calls = 0
    pair.b.setStreamHandler(async stream => {
      await stream.read().catch(() => {})
      if (calls++ > 0) {
        await pair.b.close()
        order.push('closed from within')
        return
      }
      await slow.promise
      order.push('the slow one has returned')
    })
    const streams = [await pair.a.newStream(pair.b.localPeer), await pair.a.newStream(pair.b.localPeer)]
    for (const stream of streams) {
      await stream.write(Buffer.from('x'))
      await turn()
    }
    await until(() => calls === 2, 'both run')
    const closing = within(pair.b.close(), 'b closes').then(() => { order.push('closed') })
    await turn()
    assert.deepEqual(order, [])
    slow.resolve()
    await closing
    await until(() => order.length === 3, 'all is over')
    assert.equal(order[0], 'the slow one has returned')
  })

  it('Close closes transports that can be', async () => {
    let stopped = 0
    const swarm = await tcpSwarm({ transports: [components => Object.assign(tcp()(components), { start () {}, stop () { stopped++ } }), tcp()] })
    await swarm.close()
    assert.equal(stopped, 1)
  })

  it('TransportSelection: the first that can dial does, and one that is added later may', async () => {
    const asked: string[] = []
    const named = (name: string, suffix: string): ReturnType<typeof scriptedTransport> => scriptedTransport(async addr => {
      asked.push(`${name} ${addr}`)
      throw new Error('no')
    }, { canDial: addr => addr.endsWith(suffix) })
    const swarm = await tcpSwarm({ transports: [named('one', '/tcp/1'), named('two', '/tcp/1')] })
    const stranger = (await tcpSwarm()).localPeer
    assert.equal(swarm.canDial(stranger, multiaddr('/ip4/1.2.3.4/tcp/2')), false)
    swarm.addTransport(named('three', '/tcp/2'))
    assert.equal(swarm.canDial(stranger, multiaddr('/ip4/1.2.3.4/tcp/2')), true)
    swarm.peerstore.addAddrs(stranger, ['/ip4/1.2.3.4/tcp/1', '/ip4/1.2.3.4/tcp/2', '/ip4/1.2.3.4/tcp/3'].map(addr => multiaddr(addr)), 60_000)
    await assert.rejects(swarm.dialPeer(stranger), /no transport for \/ip4\/1\.2\.3\.4\/tcp\/3/)
    assert.deepEqual(asked.toSorted(), ['one /ip4/1.2.3.4/tcp/1', 'three /ip4/1.2.3.4/tcp/2'])
    await swarm.close()
  })

  it('ConnectednessCorrect: each pair knows whether it is connected', async () => {
    const all = await swarms(4)
    const [a, b, c, d] = all
    assert(a && b && c && d)
    const pairs = [[a, b], [a, c], [b, d], [d, c]] as const
    for (const [from, to] of pairs) await from.dialPeer(to.localPeer)
    const expected = (x: Swarm, y: Swarm): Connectedness => pairs.some(([from, to]) => (from === x && to === y) || (from === y && to === x)) ? Connectedness.connected : Connectedness.notConnected
    const right = (): boolean => all.every(x => all.every(y => x === y || x.connectedness(y.localPeer) === expected(x, y)))
    await until(right, 'every pair is right')
    await a.closePeer(b.localPeer)
    await until(() => b.connectedness(a.localPeer) === Connectedness.notConnected, 'b hears of it')
    await closeAll(all)
    assert.deepEqual(all.map(swarm => swarm.conns().length), [0, 0, 0, 0])
  })

  it('gives copies: what is done to a list is nobody else\'s business', async () => {
    await using pair = await swarmPair()
    await pair.a.dialPeer(pair.b.localPeer)
    for (const list of [() => pair.a.conns(), () => pair.a.peers(), () => pair.a.connsToPeer(pair.b.localPeer), () => pair.b.listenAddresses(), () => pair.b.interfaceListenAddresses()]) {
      list().length = 0
      assert(list().length > 0)
    }
  })

  it('FD consuming: what takes a file descriptor of its own', () => {
    const relay = '/p2p/12D3KooWJRSrypvnpHgc6ZAgyCni4KcSmbV7uGRaMw5LgMKT18fq/p2p-circuit'
    const table: Record<string, boolean> = {
      '/ip4/1.2.3.4/tcp/1': true,
      '/ip4/1.2.3.4/tcp/1/ws': true,
      '/unix/%2Fa%2Fb': true,
      '/ip4/1.2.3.4/udp/1/quic-v1': false,
      '/ip4/1.2.3.4/udp/1/quic-v1/webtransport': false,
      '/memory/1': false,
      // Whoever dials the relay takes one.
      [`/ip4/1.2.3.4/tcp/1${relay}`]: false,
      [`${relay}`]: false
    }
    assert.deepEqual(Object.fromEntries(Object.keys(table).map(addr => [addr, usesFd(multiaddr(addr))])), table)
  })
})
