import assert from 'node:assert/strict'
import { platform } from 'node:os'
import { tcp } from '@libp2p/tcp'
import { assertNoTimers, assertScopesAtRest, ManualClock } from '@weir/compliance'
import { type ConnManagerInit, createConnManager, type WatermarkConnManager } from '@weir/conn-manager'
import { type Conn, ConnErrorCode, type ResourceManager } from '@weir/network'
import { buildLimits, createResourceManager, infiniteLimits } from '@weir/resource-manager'
import { type Host, registerEcho } from '../src/index.ts'
import { ANY_PORT, join, type OwnedHost, tcpHost, until } from './host-pair.ts'
import { openEcho } from './limited-host.ts'
import { nothingUnhandled } from './unhandled.ts'

const GRACE_MS = 60_000

interface ManagedHost extends AsyncDisposable {
  readonly host: Host
  readonly limits: ResourceManager
  readonly connManager: WatermarkConnManager
  /** Of the connection manager alone. */
  readonly clock: ManualClock
}

/** A host that listens and answers echo, with so many inbound connections at most. Disposing fails unless scopes and timers are back to none. */
async function managedHost (connsInbound: number, init: ConnManagerInit): Promise<ManagedHost> {
  const clock = new ManualClock()
  const limits = createResourceManager({ limits: buildLimits({ System: { ConnsInbound: connsInbound } }, infiniteLimits) })
  const connManager = createConnManager({ gracePeriodMs: GRACE_MS, clock, ...init })
  const owned = await tcpHost({}, { resourceManager: limits, connManager })
  registerEcho(owned.host)
  await owned.host.network.listen(ANY_PORT)
  await owned.host.start()
  return {
    host: owned.host,
    limits,
    connManager,
    clock,
    async [Symbol.asyncDispose] () {
      await owned[Symbol.asyncDispose]()
      const { numConns, numPeers, numUntrustedInbound } = connManager.info()
      await connManager.close()
      assert.deepEqual({ numConns, numPeers, numUntrustedInbound }, { numConns: 0, numPeers: 0, numUntrustedInbound: 0 })
      assertNoTimers(clock)
      assertScopesAtRest(limits)
      await limits.close()
    }
  }
}

/** A host that dials from this address. All of 127.0.0.0/8 is the own machine. */
async function dialerAt (localAddress: string): Promise<OwnedHost> {
  const owned = await tcpHost({}, { transports: [tcp({ dialOpts: { localAddress } as object })] })
  await owned.host.start()
  return owned
}

async function dialersAt (addresses: readonly string[]): Promise<AsyncDisposable & { readonly hosts: readonly Host[] }> {
  const all = await Promise.all(addresses.map(dialerAt))
  return { hosts: all.map(({ host }) => host), async [Symbol.asyncDispose] () { for (const one of all) await one[Symbol.asyncDispose]() } }
}

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n)
const connOf = (node: ManagedHost, host: Host): Conn | undefined => node.host.network.connsToPeer(host.peer)[0]

/** Connects and uses the connection: a refusal may show at either. @returns whether it went well */
async function enter (from: Host, node: ManagedHost): Promise<boolean> {
  try {
    await join(from, node.host, { forceDirectDial: 'whatever it was told before' })
    const stream = await openEcho(from, node.host)
    await stream.close()
    return true
  } catch {
    await from.network.closePeer(node.host.peer)
    return false
  }
}

describe('a connection manager under a real network and real limits', function () {
  this.timeout(60_000)

  let unhandled: AsyncDisposable
  beforeEach(() => { unhandled = nothingUnhandled() })
  afterEach(() => unhandled[Symbol.asyncDispose]())

  it('30 attackers fill a node: an honest late peer gets in and stays while they keep trying', async function () {
    if (platform() !== 'linux') this.skip() // elsewhere most of 127.0.0.0/8 has to be set up first
    await using node = await managedHost(30, { lowWater: 0, highWater: 0 })
    await using attackers = await dialersAt(range(36).map(n => `127.${1 + n % 2}.0.${1 + n}`))
    await using honest = await dialerAt('127.77.0.1')
    const admitted = (): number => node.limits.viewSystem(scope => scope.stat().numConnsInbound)
    for (const host of attackers.hosts.slice(0, 30)) assert(await enter(host, node))
    assert.equal(admitted(), 30)
    assert.equal(await enter(honest.host, node), false, 'while all are in grace nobody else gets in')
    node.clock.advance(GRACE_MS)
    assert.equal(await enter(honest.host, node), true, 'it gets in')
    assert.equal(node.connManager.info().numRoomsMade, 1)
    const conn = connOf(node, honest.host)
    for (let round = 0; round < 6; round++) {
      node.clock.advance(GRACE_MS / 2)
      for (const host of attackers.hosts) if (connOf(node, host) === undefined) await enter(host, node)
      assert(admitted() <= 30)
      assert.equal(conn?.isClosed(), false, 'it stays')
      assert.equal(connOf(node, honest.host), conn)
    }
    assert(node.connManager.info().numRoomsMade > 6, 'the attackers displaced one another')
    await using _ = await openEcho(honest.host, node.host)
  })

  it('a connection that makes room has ended, with its scope, when the newcomer is admitted', async () => {
    await using node = await managedHost(1, { gracePeriodMs: 0, lowWater: 0, highWater: 0 })
    await using dialers = await dialersAt(['127.0.0.1', '127.0.0.1'])
    const [first, second] = dialers.hosts
    assert(first && second)
    await join(first, node.host)
    await until(() => connOf(node, first) !== undefined, 'the first is in')
    const conn = connOf(node, first)
    await join(second, node.host)
    await until(() => connOf(node, second) !== undefined, 'the second is in')
    assert.equal(conn?.isClosed(), true)
    assert.equal(node.limits.viewSystem(scope => scope.stat().numConnsInbound), 1)
    await until(() => first.network.conns().length === 0, 'the first hears of it')
  })

  it('keeps places for peers that are trusted, who are known only after the handshake', async () => {
    const friends = new Set<string>()
    await using node = await managedHost(4, { maxUntrustedInbound: 3, isTrusted: peer => friends.has(peer.toString()) })
    await using dialers = await dialersAt(range(6).map(() => '127.0.0.1'))
    const [friend, ...flood] = dialers.hosts
    assert(friend)
    friends.add(friend.peer.toString())
    const entered: boolean[] = []
    for (const host of flood) entered.push(await enter(host, node))
    assert.deepEqual(entered, [true, true, true, false, false])
    assert.equal(await enter(friend, node), true)
    assert.equal(node.connManager.info().numConns, 4)
  })

  it('TestErrorCode: a trim closes with the code for what is garbage-collected; the other side hears that it was the remote', async () => {
    await using node = await managedHost(10, { gracePeriodMs: 0, lowWater: 1, highWater: 2 })
    await using dialers = await dialersAt(['127.0.0.1', '127.0.0.1'])
    for (const host of dialers.hosts) assert(await enter(host, node))
    const conns = node.host.network.conns()
    const { closed } = await node.connManager.trimOpenConns()
    assert.equal(closed.length, 1)
    const conn = conns.find(each => each.isClosed())
    await assert.rejects(async () => { await conn?.newStream() }, { code: 'CONN_CLOSED', errorCode: ConnErrorCode.garbageCollected, remote: false })
    const other = dialers.hosts.find(host => host.peer.toString() === conn?.remotePeer.toString())
    await until(() => other?.network.conns().length === 0, 'the other side hears of it')
  })

  it('trims by itself, before the limit is reached', async () => {
    await using node = await managedHost(6, { gracePeriodMs: 0, lowWater: 2, highWater: 4, silencePeriodMs: 10_000 })
    await using dialers = await dialersAt(range(4).map(() => '127.0.0.1'))
    for (const host of dialers.hosts) assert(await enter(host, node))
    node.connManager.checkLimit({ connLimit: 6 })
    assert.equal(node.connManager.info().numConns, 4)
    node.clock.advance(10_000)
    await until(() => node.host.network.conns().length === 2, 'the node is at its low mark')
    assert.equal(node.limits.viewSystem(scope => scope.stat().numConnsInbound), 2)
  })
})
