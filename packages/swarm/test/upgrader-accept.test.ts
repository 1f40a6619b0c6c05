import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { noise } from '@libp2p/noise'
import type { ConnectionEncrypter } from '@libp2p/interface'
import { failingResourceManager, ManualClock, recordingGater, recordingResourceManager, turn } from '@weir/compliance'
import { type ConnectionGater, deny, nullConnectionGater, ResourceLimitExceededError } from '@weir/network'
import { DialError, type Swarm } from '../src/index.ts'
import { ANY_PORT, closeAll, echo, readAll, swarmPair, tcpSwarm, until } from './swarm-pair.ts'

// Go's upgrader tests, as far as no other file here has them.
//
// Go's listener has a queue of 16 upgraded connections that nobody has accepted, and stops to accept when it is full. Ours has none: the
// swarm takes each connection in the turn in which it is ready, so that no 17th ever waits, and none expires in a queue. What
// bounds handshakes under way is the transient scope, asked before the first byte is read. The muxer's negotiation has Go's 60 s in no
// place of its own: it is within `acceptTimeoutMs` (15 s), and outbound within the dial timeout, which are both less.

type Noise = ReturnType<typeof noise>

/** Noise whose inbound handshakes do first what `first` says. */
function inboundNoise (first: () => Promise<void>): (components: Parameters<Noise>[0]) => ConnectionEncrypter {
  return components => {
    const inner = noise()(components)
    return {
      protocol: inner.protocol,
      secureOutbound: (stream, options) => inner.secureOutbound(stream, options),
      async secureInbound (stream, options) {
        await first()
        return await inner.secureInbound(stream, options)
      }
    } as ConnectionEncrypter
  }
}

/** A remote that connects and says nothing. */
async function silent (to: Swarm): Promise<{ socket: Socket, closed: () => boolean }> {
  const socket = connect(Number(to.listenAddresses()[0]?.toString().split('/').at(-1)), '127.0.0.1')
  let closed = false
  socket.on('error', () => {}).on('close', () => { closed = true }).resume()
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => {})
  return { socket, closed: () => closed }
}

async function echoes (from: Swarm, to: Swarm): Promise<void> {
  to.setStreamHandler(echo)
  const stream = await from.newStream(to.localPeer)
  await stream.write(Buffer.from('hello'))
  await stream.closeWrite()
  assert.equal((await readAll(stream)).toString(), 'hello')
  await stream.close()
}

/** Listens, and so many that know where. */
async function star (count: number, init: Parameters<typeof tcpSwarm>[0] = {}): Promise<AsyncDisposable & { hub: Swarm, peers: Swarm[] }> {
  const hub = await tcpSwarm(init)
  await hub.listen(ANY_PORT)
  const peers = await Promise.all(Array.from({ length: count }, async () => await tcpSwarm()))
  for (const peer of peers) peer.peerstore.addAddrs(hub.localPeer, hub.listenAddresses(), 60_000)
  return { hub, peers, [Symbol.asyncDispose]: async () => { await closeAll([hub, ...peers]) } }
}

describe('accepting', () => {
  for (const count of [1, 10]) {
    it(`${count === 1 ? 'AcceptSingleConn: one' : 'AcceptMultipleConns: ten'}, which carry streams`, async () => {
      await using all = await star(count)
      for (const peer of all.peers) await echoes(peer, all.hub)
      assert.equal(all.hub.conns().length, count)
    })
  }

  it('ConnectionsClosedIfNotAccepted: one that is not ready within 15 s of its accept is closed, and no sooner', async () => {
    const [clock, scopes] = [new ManualClock(), recordingResourceManager()]
    const never = Promise.withResolvers<void>()
    await using all = await star(1, { clock, resourceManager: scopes, encrypters: [inboundNoise(async () => { await never.promise })] })
    const [peer] = all.peers
    assert(peer)
    const remote = await silent(all.hub)
    const dial = peer.dialPeer(all.hub.localPeer)
    dial.catch(() => {})
    await until(() => scopes.leftOpen().length === 2, 'both are admitted')
    await clock.advanceAsync(14_999)
    assert.deepEqual([scopes.leftOpen().length, remote.closed()], [2, false])
    await clock.advanceAsync(1)
    await until(() => scopes.leftOpen().length === 0 && remote.closed(), 'both are closed')
    await assert.rejects(dial)
    assert.deepEqual(all.hub.conns(), [])
    assert.equal(clock.pendingTimers, 0)
    never.resolve() // an encrypter that ends when nobody waits for it any more
    for (let i = 0; i < 20; i++) await turn()
    assert.deepEqual(all.hub.conns(), [])
    scopes.assertAllEnded()
  })

  it('FailedUpgradeOnListen: one that fails keeps nothing from the next', async () => {
    const scopes = recordingResourceManager()
    let fail = true
    await using all = await star(1, { resourceManager: scopes, encrypters: [inboundNoise(async () => { if (fail) throw new Error('injected') })] })
    const [peer] = all.peers
    assert(peer)
    await assert.rejects(peer.dialPeer(all.hub.localPeer))
    await until(() => scopes.leftOpen().length === 0, 'its scope ends')
    fail = false
    await peer.dialPeer(all.hub.localPeer, { forceDirectDial: 'whatever failed before' })
    await echoes(peer, all.hub)
  })

  for (const [name, end] of Object.entries<(hub: Swarm) => Promise<void>>({
    'the listener is closed': async hub => { await hub.listenClose(...hub.listenAddresses()) },
    'the swarm is closed': async hub => { await hub.close() }
  })) {
    it(`ListenerClose, ListenerCloseClosesQueued: ten that are under way end when ${name}`, async () => {
      const scopes = recordingResourceManager()
      await using all = await star(0, { resourceManager: scopes })
      const remotes = await Promise.all(Array.from({ length: 10 }, async () => await silent(all.hub)))
      await until(() => scopes.leftOpen().length === 10, 'all are admitted')
      await end(all.hub)
      await until(() => remotes.every(({ closed }) => closed()), 'all are closed')
      scopes.assertAllEnded()
    })
  }

  it('ConcurrentAccept: 48 handshakes are under way at the same time', async () => {
    const go = Promise.withResolvers<void>()
    let underWay = 0
    await using all = await star(48, { encrypters: [inboundNoise(async () => {
      underWay++
      await go.promise
    })] })
    const dials = all.peers.map(async peer => await peer.dialPeer(all.hub.localPeer))
    await until(() => underWay === 48, 'all are under way')
    go.resolve()
    await Promise.all(dials)
    await until(() => all.hub.conns().length === 48, 'all are in')
  }).timeout(20_000)

  it('AcceptQueueBacklogged: there is no queue, so that 17 that get nowhere hold up nobody', async () => {
    const scopes = recordingResourceManager()
    await using all = await star(1, { resourceManager: scopes })
    const [peer] = all.peers
    assert(peer)
    const remotes = await Promise.all(Array.from({ length: 17 }, async () => await silent(all.hub)))
    await until(() => scopes.leftOpen().length === 17, 'all are admitted')
    await echoes(peer, all.hub)
    for (const { socket } of remotes) socket.destroy()
    await until(() => scopes.leftOpen().length <= 2, 'their scopes end')
  })

  it('ListenerResourceManagementDenied: one that is refused is closed before anything is read, and the next one is let in', async () => {
    const scopes = recordingResourceManager([], failingResourceManager({ failAt: 1 }))
    let handshakes = 0
    await using all = await star(1, { resourceManager: scopes, encrypters: [inboundNoise(async () => { handshakes++ })] })
    const [peer] = all.peers
    assert(peer)
    const refused = await silent(all.hub)
    await until(() => refused.closed(), 'it is closed')
    assert.equal(handshakes, 0)
    assert.match(scopes.log[0] ?? '', /^openConnection inbound fd \S+ threw RESOURCE_LIMIT_EXCEEDED$/)
    await echoes(peer, all.hub)
  })
})

describe('upgrading outbound', () => {
  it('OutboundConnectionGating: whether it would be accepted is not asked of one that is dialled', async () => {
    const connectionGater: ConnectionGater = { ...nullConnectionGater, interceptAccept: () => deny('rule') }
    const log: string[] = []
    await using pair = await swarmPair({ connectionGater: recordingGater(log, connectionGater) })
    await echoes(pair.a, pair.b)
    assert.deepEqual(log, ['gater.peerDial', 'gater.addrDial', 'gater.secured outbound', 'gater.upgraded'])
  })

  for (const [name, failAt] of [['conn denied', 1], ['peer denied', 2]] as const) {
    it(`ResourceManager (tcp), ${name}: no socket is opened, and the scope has ended`, async () => {
      const scopes = recordingResourceManager([], failingResourceManager({ failAt }))
      const asked: string[] = []
      await using pair = await swarmPair({ resourceManager: scopes }, { connectionGater: recordingGater(asked) })
      await assert.rejects(pair.a.dialPeer(pair.b.localPeer), (error: unknown) => DialError.is(error) && ResourceLimitExceededError.is(error.failures[0]?.cause))
      scopes.assertAllEnded()
      assert.deepEqual(scopes.log.map(line => line.split(' ')[0]), ['openConnection', 'conn.setPeer', 'conn.done'].slice(0, failAt === 1 ? 1 : 3))
      await echoes(pair.a, pair.b)
      assert.deepEqual(asked.filter(line => line === 'gater.accept').length, 1, 'of the second dial alone')
    })
  }

  it('OutboundResourceManagement: the scope ends with the connection, and not before', async () => {
    const scopes = recordingResourceManager()
    await using pair = await swarmPair({ resourceManager: scopes })
    const conn = await pair.a.dialPeer(pair.b.localPeer)
    await turn()
    assert.deepEqual(scopes.log.map(line => line.split(' ')[0]).filter(call => /^(open|conn)/.test(call ?? '')), ['openConnection', 'conn.setPeer'])
    const closing = conn.close()
    assert.equal(scopes.log.at(-1), 'conn.done')
    await closing
  })
})
