import assert from 'node:assert/strict'
import { memory } from '@libp2p/memory'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { fromStreamMuxerFactory } from '@weir/adapters'
import { failingResourceManager, leakCheck, ManualClock, recordingResourceManager, turn } from '@weir/compliance'
import { ADDRESS_TTL_MS, type ConnectionGater, deny, type Multiplexer, nullConnectionGater, nullResolver, ResourceLimitExceededError } from '@weir/network'
import { BlackHoleDetector, BlackHoleSuccessCounter, type Swarm, type SwarmInit } from '../src/index.ts'
import { hang, neverEnds, scriptedTransport } from './scripted-transport.ts'
import { swarmPair, tcpSwarm, until } from './swarm-pair.ts'

const NAME = multiaddr('/dns4/b.example/tcp/1')
const failing = async (): Promise<never> => { throw new Error('injected') }
const gater = (hook: keyof ConnectionGater): Partial<SwarmInit> => ({ connectionGater: { ...nullConnectionGater, [hook]: () => deny('injected') } })

/** What goes wrong, at each step of the dial path that waits for something or may refuse. */
const FAULTS: Record<string, Partial<SwarmInit>> = {
  'the resolver fails': { resolver: { ...nullResolver, resolveDNSComponent: failing } },
  'the resolver hangs': { resolver: { ...nullResolver, resolveDNSComponent: async (_addr, options) => await hang(options) } },
  'the resolver hangs for ever': { resolver: { ...nullResolver, resolveDNSComponent: neverEnds } },
  'the ranker throws': { dialRanker: () => { throw new Error('injected') } },
  'the gater denies the peer': gater('interceptPeerDial'),
  'the gater denies the address': gater('interceptAddrDial'),
  'the gater denies who answered': gater('interceptSecured'),
  'the gater denies the connection': gater('interceptUpgraded'),
  'the transport fails': { transports: [scriptedTransport(failing)] },
  'the transport fails at once': { transports: [scriptedTransport(() => { throw new Error('injected') })] },
  'the transport hangs': { transports: [scriptedTransport(async (_addr, options) => await hang(options))] },
  'the transport hangs for ever': { transports: [scriptedTransport(neverEnds)] },
  'the transport upgrades nothing': { transports: [scriptedTransport(async () => ({}))] },
  'the protector fails': { protector: { protect: failing } },
  'the protector hangs': { protector: { protect: async (_socket, options) => await hang({ signal: options?.signal }) } },
  'the protector hangs for ever': { protector: { protect: neverEnds } },
  'the encrypter fails': { encrypters: [() => ({ protocol: '/noise', secureOutbound: failing, secureInbound: failing }) as never] },
  'the encrypter hangs for ever': { encrypters: [() => ({ protocol: '/noise', secureOutbound: neverEnds, secureInbound: neverEnds }) as never] },
  'there is no muxer': { muxers: [] }
}

const ENDS: Record<string, (swarm: Swarm, clock: ManualClock, abort: AbortController) => Promise<void> | void> = {
  'its caller leaves': (_swarm, _clock, abort) => { abort.abort(new Error('gone')) },
  'its caller\'s time is up': async (_swarm, clock) => { await clock.advanceAsync(60_000) },
  'the swarm is closed': async swarm => { await swarm.close() }
}

describe('a dial leaves nothing behind', () => {
  let nextAddr = 3_000_000
  for (const [what, init] of Object.entries(FAULTS)) {
    for (const [how, end] of Object.entries(ENDS)) {
      it(`when ${what}, and then ${how}`, async () => {
        const check = leakCheck()
        const clock = new ManualClock()
        const scopes = recordingResourceManager()
        const own = { clock, resourceManager: scopes, transports: [memory()] }
        const [a, b] = [await tcpSwarm({ ...own, ...init }), await tcpSwarm({ transports: [memory()] })]
        await b.listen(multiaddr(`/memory/${nextAddr++}`))
        a.peerstore.addAddrs(b.localPeer, [...b.listenAddresses(), NAME], ADDRESS_TTL_MS.permanent)
        const abort = new AbortController()
        const dials = [0, 1].map(async () => await a.dialPeer(b.localPeer, { signal: abort.signal }).then(async conn => { await conn.close() }, () => {}))
        for (let i = 0; i < 5; i++) await turn()
        await end(a, clock, abort)
        await Promise.all(dials)
        await turn()
        assert.deepEqual(a.dials(), [])
        await until(() => scopes.leftOpen().length === 0, `every scope ends: ${scopes.leftOpen()}`)
        await clock.advanceAsync(600_000) // the sweep of the back-off
        assert.equal(clock.pendingTimers, 0, 'no timer is left')
        await Promise.all([a.close(), b.close(), a.peerstore.close(), b.peerstore.close()])
        assert.equal(clock.pendingTimers, 0)
        await check.assertNone()
      })
    }
  }

  it('when its caller leaves, in the very turn: the scope has ended, and the slot is free', async () => {
    const scopes = recordingResourceManager()
    const swarm = await tcpSwarm({ resourceManager: scopes, transports: [scriptedTransport(neverEnds)], maxFdDials: 1 })
    const peers = [(await tcpSwarm()).localPeer, (await tcpSwarm()).localPeer]
    for (const peer of peers) swarm.peerstore.addAddrs(peer, [multiaddr('/ip4/1.2.3.4/tcp/1')], 60_000)
    const aborts = [new AbortController(), new AbortController()]
    const dials = peers.map(async (peer, index) => await swarm.dialPeer(peer, { signal: aborts[index]?.signal }))
    await turn()
    assert.deepEqual(swarm.dials().map(({ addrs }) => addrs[0]?.state), ['dialling', 'waiting'])
    aborts[0]?.abort(new Error('gone'))
    assert.deepEqual(swarm.dials().map(({ addrs }) => addrs[0]?.state), ['dialling'])
    await assert.rejects(dials[0] ?? Promise.resolve(), /gone/)
    assert.equal(scopes.leftOpen().length, 1)
    aborts[1]?.abort(new Error('gone'))
    await assert.rejects(dials[1] ?? Promise.resolve(), /gone/)
    assert.deepEqual(scopes.leftOpen(), [])
    await swarm.close()
  })

  it('when its caller leaves in the moment in which the connection is made', async () => {
    const scopes = recordingResourceManager()
    const abort = new AbortController()
    const inner = fromStreamMuxerFactory(yamux()())
    const made: { isClosed (): boolean }[] = []
    const muxer: Multiplexer = {
      protocol: inner.protocol,
      newConn: (...args) => {
        abort.abort(new Error('gone'))
        const conn = inner.newConn(...args)
        made.push(conn)
        return conn
      }
    }
    await using pair = await swarmPair({ resourceManager: scopes, muxers: [muxer] })
    await assert.rejects(pair.a.dialPeer(pair.b.localPeer, { signal: abort.signal }), /gone/)
    await until(() => made.length === 1 && made[0]?.isClosed() === true, 'what was made has ended')
    assert.deepEqual([pair.a.conns(), scopes.leftOpen()], [[], []])
  })

  it('when a socket comes too late: it is aborted', async () => {
    const [socket] = multiaddrConnectionPair()
    let open: (() => void) | undefined
    const late = scriptedTransport(async (_addr, { upgrader }) => {
      await new Promise<void>(resolve => { open = resolve })
      return await upgrader.upgradeOutbound(socket, {} as never)
    })
    const swarm = await tcpSwarm({ transports: [late] })
    const peer = (await tcpSwarm()).localPeer
    swarm.peerstore.addAddrs(peer, [multiaddr('/ip4/1.2.3.4/tcp/1')], 60_000)
    const abort = new AbortController()
    const dialling = swarm.dialPeer(peer, { signal: abort.signal })
    await turn()
    abort.abort(new Error('gone'))
    await assert.rejects(dialling, /gone/)
    open?.()
    await turn()
    assert.notEqual(socket.status, 'open')
    await swarm.close()
  })

  it('when the swarm is closed after one that failed: no timer of the back-off, and a refusal of its own is no black hole', async () => {
    const clock = new ManualClock()
    const udp = new BlackHoleSuccessCounter({ window: 1, minSuccesses: 1 })
    let failures = 0
    const resourceManager = failingResourceManager({ failAt: 1 })
    const swarm = await tcpSwarm({ clock, resourceManager, blackHoleDetector: new BlackHoleDetector({ udp }), transports: [scriptedTransport(failing)] })
    const peer = (await tcpSwarm()).localPeer
    swarm.peerstore.addAddrs(peer, [multiaddr('/ip4/1.2.3.4/udp/1/quic-v1')], 60_000)
    for (const state of ['probing', 'blocked']) {
      await swarm.dialPeer(peer).catch(() => { failures++ })
      assert.equal(udp.state, state)
    }
    assert.deepEqual([failures, clock.pendingTimers], [2, 1])
    await swarm.close()
    assert.equal(clock.pendingTimers, 0)
  })

  it('waits for a limit of its peer that its own attempts use up, over real sockets (8.2, fault 19)', async () => {
    const recording = recordingResourceManager()
    let open = 0
    let most = 0
    let refused = 0
    const resourceManager = {
      ...recording,
      openConnection (...args: Parameters<typeof recording.openConnection>) {
        if (open === 2) {
          refused++
          throw new ResourceLimitExceededError({ where: 'local', scope: { kind: 'system' }, resource: 'connection', current: 2, attempted: 1, limit: 2 })
        }
        most = Math.max(most, ++open)
        const scope = recording.openConnection(...args)
        const done = scope.done.bind(scope)
        let over = false
        const end = (): void => {
          if (!over) open--
          over = true
          done()
        }
        return Object.defineProperties(scope, { done: { value: end }, [Symbol.dispose]: { value: end } })
      }
    }
    await using pair = await swarmPair({ resourceManager, dialRanker: addrs => addrs.map(addr => ({ addr, delayMs: 0 })) })
    const bad = [1, 2, 3, 4, 5, 6].map(port => multiaddr(`/ip4/127.0.0.1/tcp/${port}`))
    const good = pair.b.listenAddresses()
    pair.a.peerstore.clearAddrs(pair.b.localPeer)
    pair.a.peerstore.addAddrs(pair.b.localPeer, [...bad, ...good], 60_000)
    const conn = await pair.a.dialPeer(pair.b.localPeer)
    assert.equal(conn.remoteMultiaddr.toString(), good[0]?.toString())
    assert.equal(most, 2)
    assert(refused > 0, 'the limit was met')
    await conn.close()
    assert.deepEqual([open, recording.leftOpen()], [0, []])
  })
})
