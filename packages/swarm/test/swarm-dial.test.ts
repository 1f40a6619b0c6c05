import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { memory } from '@libp2p/memory'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { ManualClock, turn } from '@weir/compliance'
import { type Conn, NoRemoteAddrsError } from '@weir/network'
import { BlackHoleDetector, BlackHoleSuccessCounter, createDNSResolver, DialBackoffError, DialError, DialQueueFullError, DialRefusedBlackHoleError, DialToSelfError, NoGoodAddrsError, NoTransportError, SwarmTimeoutError } from '../src/index.ts'
import { fakeDNS } from './fake-dns.ts'
import { hang, scriptedTransport } from './scripted-transport.ts'
import { acquaint, ANY_PORT, swarmPair, tcpSwarm, until } from './swarm-pair.ts'

const causesOf = async (dial: Promise<unknown>): Promise<Record<string, unknown>> => {
  const error = await dial.then(() => assert.fail('the dial succeeded'), (error: unknown) => error)
  assert(DialError.is(error), String(error))
  return Object.fromEntries(error.failures.map(({ addr, cause }) => [addr.toString(), cause]))
}

// dial_test
describe('dialling a swarm', () => {
  it('BasicDialPeer: connects', async () => {
    await using pair = await swarmPair()
    const conn = await pair.a.dialPeer(pair.b.localPeer)
    assert.equal(conn.remotePeer.toString(), pair.b.localPeer.toString())
    await (await conn.newStream()).close()
    assert.deepEqual(pair.a.dials(), [])
  })

  it('BasicDialPeerWithResolver: connects to a name', async () => {
    const records: Record<string, readonly unknown[]> = {}
    await using pair = await swarmPair({ resolver: createDNSResolver({ dns: fakeDNS(records) }) })
    const [addr] = pair.b.listenAddresses()
    records['TXT _dnsaddr.b.example'] = [`dnsaddr=/dns4/host.b.example/tcp/${addr?.toString().split('/')[4]}/p2p/${pair.b.localPeer}`]
    records['A host.b.example'] = ['127.0.0.1']
    pair.a.peerstore.clearAddrs(pair.b.localPeer)
    pair.a.peerstore.addAddrs(pair.b.localPeer, [multiaddr('/dnsaddr/b.example')], 60_000)
    const conn = await pair.a.dialPeer(pair.b.localPeer)
    assert.equal(conn.remoteMultiaddr.toString(), addr?.toString())
    assert(pair.a.peerstore.addrs(pair.b.localPeer).some(each => each.equals(addr)), 'what the name led to is at hand')
  })

  it('DialWithNoListeners: one that does not listen can dial', async () => {
    await using pair = await swarmPair()
    assert.deepEqual(pair.a.listenAddresses(), [])
    await pair.a.dialPeer(pair.b.localPeer)
  })

  it('SimultDials: two that dial each other many times end up with two connections at most', async () => {
    await using pair = await swarmPair()
    await pair.a.listen(ANY_PORT)
    acquaint(pair.b, pair.a)
    const dials = Array.from({ length: 10 }, () => [pair.a.dialPeer(pair.b.localPeer), pair.b.dialPeer(pair.a.localPeer)])
    await Promise.all(dials.flat())
    await until(() => pair.a.conns().length === pair.b.conns().length, 'both know the same')
    assert(pair.a.conns().length <= 2 && pair.a.conns().length > 0, `${pair.a.conns().length} connections`)
  })

  it('SwarmSimultDials "one connection after 200 redials": there is one, however often it is asked for', async () => {
    await using pair = await swarmPair()
    const conns = await Promise.all(Array.from({ length: 200 }, async () => await pair.a.dialPeer(pair.b.localPeer)))
    for (let i = 0; i < 20; i++) conns.push(await pair.a.dialPeer(pair.b.localPeer))
    assert.equal(new Set(conns).size, 1)
    assert.equal(pair.a.conns().length, 1)
  })

  it('DialWait: gives up on a remote that says nothing when its time is up, and leaves it alone for a while', async () => {
    const silent = createServer(socket => { socket.on('error', () => {}) }).listen(0, '127.0.0.1') // a dial that is given up is reset
    await once(silent, 'listening')
    const addr = multiaddr(`/ip4/127.0.0.1/tcp/${(silent.address() as AddressInfo).port}`)
    const clock = new ManualClock()
    await using pair = await swarmPair({ clock })
    const stranger = (await tcpSwarm()).localPeer
    pair.a.peerstore.addAddrs(stranger, [addr], 60_000)
    const accepted = once(silent, 'connection')
    const dialling = causesOf(pair.a.dialPeer(stranger))
    await accepted
    await clock.advanceAsync(5_000) // a private address
    const cause = (await dialling)[addr.toString()]
    assert(SwarmTimeoutError.is(cause) && cause.afterMs === 5_000, String(cause))
    assert(DialBackoffError.is((await causesOf(pair.a.dialPeer(stranger)))[addr.toString()]))
    await clock.advanceAsync(5_000)
    const again = once(silent, 'connection')
    const second = causesOf(pair.a.dialPeer(stranger))
    await again
    await clock.advanceAsync(5_000)
    assert(SwarmTimeoutError.is((await second)[addr.toString()]))
    silent.close()
  })

  it('DialBackoffClears: a connection in the other direction ends the back-off', async () => {
    await using pair = await swarmPair()
    const [good] = pair.b.listenAddresses()
    assert(good !== undefined)
    await pair.b.listenClose(good)
    await causesOf(pair.a.dialPeer(pair.b.localPeer))
    await pair.b.listen(good)
    assert(DialBackoffError.is((await causesOf(pair.a.dialPeer(pair.b.localPeer)))[good.toString()]))
    await pair.a.listen(ANY_PORT)
    acquaint(pair.b, pair.a)
    const conn = await pair.b.dialPeer(pair.a.localPeer)
    await until(() => pair.a.conns().length === 1, 'a has it')
    await conn.close()
    await until(() => pair.a.conns().length === 0, 'it is gone again')
    await pair.a.dialPeer(pair.b.localPeer)
  })

  it('DialPeerFailed: five bad addresses make five causes', async () => {
    await using pair = await swarmPair()
    const stranger = (await tcpSwarm()).localPeer
    const closed: string[] = []
    for (let i = 0; i < 5; i++) {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      closed.push(`/ip4/127.0.0.1/tcp/${(server.address() as AddressInfo).port}`)
      server.close()
      await once(server, 'close')
    }
    pair.a.peerstore.addAddrs(stranger, closed.map(addr => multiaddr(addr)), 60_000)
    const causes = await causesOf(pair.a.dialPeer(stranger))
    assert.deepEqual(Object.keys(causes).toSorted(), closed.toSorted())
    for (const cause of Object.values(causes)) assert.match(String(cause), /ECONNREFUSED/)
  })

  it('DialExistingConnection: gives the one that is there, in either direction', async () => {
    await using pair = await swarmPair()
    const conn = await pair.a.dialPeer(pair.b.localPeer)
    assert.equal(await pair.a.dialPeer(pair.b.localPeer), conn)
    await until(() => pair.b.conns().length === 1, 'b has it')
    assert.equal(await pair.b.dialPeer(pair.a.localPeer), pair.b.conns()[0])
  })

  it('DialSimultaneousJoin: who dials with a bad address gets the connection of one who knew a good one', async () => {
    const clock = new ManualClock()
    const bad = multiaddr('/ip4/1.2.3.4/tcp/1')
    let giveUp: ((cause: Error) => void) | undefined
    const never = scriptedTransport(async () => await new Promise((_resolve, reject) => { giveUp = reject }), { canDial: addr => addr === bad.toString() })
    await using pair = await swarmPair({ clock, transports: [never, tcp()] })
    const good = pair.a.peerstore.addrs(pair.b.localPeer)
    pair.a.peerstore.clearAddrs(pair.b.localPeer)
    pair.a.peerstore.addAddrs(pair.b.localPeer, [bad], 60_000)
    const first = pair.a.dialPeer(pair.b.localPeer)
    await until(() => giveUp !== undefined, 'the bad one is under way')
    pair.a.peerstore.addAddrs(pair.b.localPeer, good, 60_000)
    const second = await pair.a.dialPeer(pair.b.localPeer)
    giveUp?.(new Error('at last'))
    assert.equal(await first, second)
  })

  it('DialSelf: is refused, and so are our own addresses under another name', async () => {
    await using pair = await swarmPair()
    await assert.rejects(pair.b.dialPeer(pair.b.localPeer), DialToSelfError.is)
    const stranger = (await tcpSwarm()).localPeer
    acquaint(pair.b, pair.b)
    pair.b.peerstore.addAddrs(stranger, pair.b.listenAddresses(), 60_000)
    const error = await pair.b.dialPeer(stranger).catch((error: unknown) => error)
    assert(DialError.is(error) && NoGoodAddrsError.is(error.cause))
    assert(DialToSelfError.is(error.failures[0]?.cause))
  })

  it('DialQUICDraft29: says that no transport dials it', async () => {
    await using pair = await swarmPair()
    const stranger = (await tcpSwarm()).localPeer
    pair.a.peerstore.addAddrs(stranger, [multiaddr('/ip4/127.0.0.1/udp/1/quic')], 60_000)
    assert(NoTransportError.is((await causesOf(pair.a.dialPeer(stranger)))['/ip4/127.0.0.1/udp/1/quic']))
  })

  it('BlackHoledAddrBlocked: says so', async () => {
    const ipv6 = new BlackHoleSuccessCounter({ window: 1, minSuccesses: 1 })
    ipv6.record(false)
    await using pair = await swarmPair({ blackHoleDetector: new BlackHoleDetector({ ipv6, readOnly: true }) })
    const stranger = (await tcpSwarm()).localPeer
    pair.a.peerstore.addAddrs(stranger, [multiaddr('/ip6/2606:4700::1/tcp/1')], 60_000)
    assert(DialRefusedBlackHoleError.is((await causesOf(pair.a.dialPeer(stranger)))['/ip6/2606:4700::1/tcp/1']))
  })

  it('records what becomes of dials for the detector of black holes', async () => {
    const udp = new BlackHoleSuccessCounter({ window: 2, minSuccesses: 1 })
    const lost = scriptedTransport(async () => { throw new Error('lost') })
    const swarm = await tcpSwarm({ transports: [lost], blackHoleDetector: new BlackHoleDetector({ udp }) })
    const stranger = (await tcpSwarm()).localPeer
    swarm.peerstore.addAddrs(stranger, [1, 2].map(port => multiaddr(`/ip4/1.2.3.4/udp/${port}/quic-v1`)), 60_000)
    await causesOf(swarm.dialPeer(stranger))
    assert.equal(udp.state, 'blocked')
    assert.deepEqual((await causesOf(swarm.dialPeer(stranger, { forceDirectDial: 'a test' })))['/ip4/1.2.3.4/udp/2/quic-v1'] instanceof DialRefusedBlackHoleError, false, 'every second request is a probe')
    await swarm.close()
  })

  it('throws when no address is known', async () => {
    await using pair = await swarmPair()
    await assert.rejects(pair.a.dialPeer((await tcpSwarm()).localPeer), NoRemoteAddrsError.is)
  })

  it('shows its dials, and refuses too many', async () => {
    const swarm = await tcpSwarm({ transports: [scriptedTransport(async (_addr, options) => await hang(options))], maxDials: 1 })
    const [one, two] = [(await tcpSwarm()).localPeer, (await tcpSwarm()).localPeer]
    for (const peer of [one, two]) swarm.peerstore.addAddrs(peer, [multiaddr('/ip4/1.2.3.4/tcp/1')], 60_000)
    const abort = new AbortController()
    const dialling = swarm.dialPeer(one, { signal: abort.signal })
    await turn()
    await assert.rejects(swarm.dialPeer(two), DialQueueFullError.is)
    const [shown] = structuredClone(swarm.dials())
    assert.equal(shown?.peer, one.toString())
    assert.deepEqual(shown?.addrs.map(({ addr, state }) => [addr, state]), [['/ip4/1.2.3.4/tcp/1', 'dialling']])
    abort.abort(new Error('enough'))
    assert.deepEqual(swarm.dials(), [])
    await assert.rejects(dialling, /^Error: enough$/)
    await swarm.close()
  })

  it('dials with both roles: in a simultaneous connect one side is the server', async () => {
    // Both dial: two ends of one socket, as a punched hole gives them.
    const ends = multiaddrConnectionPair()
    const through = (end: 0 | 1): ReturnType<typeof scriptedTransport> => scriptedTransport(async (_addr, { upgrader, signal }) => await upgrader.upgradeOutbound(ends[end], { signal }))
    const [a, b] = [await tcpSwarm({ transports: [through(0)] }), await tcpSwarm({ transports: [through(1)] })]
    for (const [from, to] of [[a, b], [b, a]] as const) from.peerstore.addAddrs(to.localPeer, [multiaddr('/ip4/1.2.3.4/tcp/1')], 60_000)
    const conns: Conn[] = await Promise.all([
      a.dialPeer(b.localPeer, { simultaneousConnect: { isClient: true, reason: 'hole punching' }, forceDirectDial: 'hole punching' }),
      b.dialPeer(a.localPeer, { simultaneousConnect: { isClient: false, reason: 'hole punching' }, forceDirectDial: 'hole punching' })
    ])
    assert.deepEqual(conns.map(conn => conn.stat().direction), ['outbound', 'inbound'])
    await Promise.all([a.close(), b.close()])
  })

  it('ends a connection that comes when nobody waits any more', async () => {
    const clock = new ManualClock()
    let late: (() => void) | undefined
    const slow = scriptedTransport(async (addr, { upgrader }, handOn) => {
      await new Promise<void>(resolve => { late = resolve })
      return await handOn(addr, { upgrader } as never)
    })
    const [a, b] = [await tcpSwarm({ clock, transports: [slow] }), await tcpSwarm({ transports: [memory()] })]
    await b.listen(multiaddr('/memory/late'))
    acquaint(a, b)
    const dialling = causesOf(a.dialPeer(b.localPeer, { dialPeerTimeoutMs: 100 }))
    await turn()
    await clock.advanceAsync(100)
    assert(SwarmTimeoutError.is(Object.values(await dialling)[0]))
    late?.()
    await turn()
    assert.deepEqual(a.conns(), [])
    await until(() => b.conns().length === 0, 'b hears of it')
    assert.equal(clock.pendingTimers, 0)
    await Promise.all([a.close(), b.close()])
  })
})
