import assert from 'node:assert/strict'
import { ResourceLimitExceededError, type Stream } from '@weir/network'
import { ECHO_PROTOCOL } from '../src/index.ts'
import { join, readAll, until } from './host-pair.ts'
import { limitedHost, limitedHosts, openEcho } from './limited-host.ts'
import { nothingUnhandled } from './unhandled.ts'

/** The refusal behind an error of a dial or a stream. */
function refusalIn (error: unknown): unknown {
  for (let next = error; next instanceof Error; next = next.cause ?? (next as { failures?: Array<{ cause: unknown }> }).failures?.[0]?.cause) {
    if (ResourceLimitExceededError.is(next)) return next
  }
  return assert.fail(`no refusal in ${String(error)}`)
}

describe('limits over real TCP', function () {
  this.timeout(30_000)

  let unhandled: AsyncDisposable
  beforeEach(() => { unhandled = nothingUnhandled() })
  afterEach(() => unhandled[Symbol.asyncDispose]())

  it('Echo: count the streams of an echo in its service and protocol while it is open', async () => {
    await using b = await limitedHost()
    await using a = await limitedHost()
    await join(a.host, b.host)
    {
      await using _ = await openEcho(a.host, b.host)
      assert.equal(b.manager.viewService('weir.echo', scope => scope.stat().numStreamsInbound), 1)
      assert.equal(b.manager.viewProtocol(ECHO_PROTOCOL, scope => scope.stat().numStreamsInbound), 1)
      assert.equal(b.manager.viewTransient(scope => scope.stat().numStreamsInbound), 0)
      assert.ok(b.manager.viewPeer(a.host.peer, scope => scope.stat().memoryBytes) >= 262_144, 'its window')
    }
    await until(() => b.manager.viewSystem(scope => scope.stat().memoryBytes + scope.stat().numStreamsInbound) === 0, 'the stream has ended')
  })

  it('ConnInbound: let 3 hosts in, refuse the 4th, and leave nothing of it; when one goes there is room', async () => {
    await using b = await limitedHost({ System: { ConnsInbound: 3 } })
    await using others = await limitedHosts(4)
    const [first, second, third, fourth] = others.hosts
    assert.ok(first && second && third && fourth)
    for (const host of [first, second, third]) await join(host, b.host)
    await until(() => b.host.network.conns().length === 3, 'three are in')
    await assert.rejects(openAfterConnect(fourth, b.host))
    await until(() => fourth.network.conns().length === 0, 'the refused side has nothing left')
    assert.deepEqual(b.manager.viewSystem(scope => scope.stat().numConnsInbound), 3)
    assert.deepEqual(b.manager.viewTransient(scope => scope.stat().numConnsInbound), 0)
    assert.ok(!b.host.network.peers().map(String).includes(fourth.peer.toString()))
    await first.network.closePeer(b.host.peer)
    await until(() => b.host.network.conns().length === 2, 'one has gone')
    // The refusal may have put the address into back-off.
    await fourth.connect({ peer: b.host.peer, addrs: b.host.addrs() }, { forceDirectDial: 'one has gone' })
    await using _ = await openEcho(fourth, b.host)
  })

  it('ConnOutbound: let a dialer have 3 connections, and tell its user of the 4th with all numbers', async () => {
    await using a = await limitedHost({ System: { ConnsOutbound: 3 } })
    await using others = await limitedHosts(4)
    const fourth = others.hosts[3]
    assert.ok(fourth)
    for (const host of others.hosts.slice(0, 3)) await join(a.host, host)
    const refusal = refusalIn(await join(a.host, fourth).then(() => assert.fail('connected'), error => error))
    const { where, scope, resource, direction, current, attempted, limit } = refusal as Record<string, unknown>
    assert.deepEqual({ where, scope, resource, direction, current, attempted, limit }, {
      where: 'local', scope: { kind: 'system' }, resource: 'connection', direction: 'outbound', current: 3, attempted: 1, limit: 3
    })
    assert.match((refusal as Error).message, /^outbound connection limit of system exceeded: 3 of 3 in use, 1 more asked for; raise /)
    assert.equal(a.host.network.conns().length, 3)
    assert.deepEqual(fourth.network.conns(), [])
  })

  it('ServiceInbound: let a service have 3 streams, and reset the 4th', async () => {
    await using b = await limitedHost({ Service: { 'weir.echo': { StreamsInbound: 3 } } })
    await using others = await limitedHosts(4)
    const streams: Stream[] = []
    for (const host of others.hosts) await join(host, b.host)
    for (const host of others.hosts.slice(0, 3)) streams.push(await openEcho(host, b.host))
    const fourth = others.hosts[3]
    assert.ok(fourth)
    await assert.rejects(openEcho(fourth, b.host), { code: 'RESOURCE_LIMIT_EXCEEDED', where: 'remote' })
    assert.equal(b.manager.viewService('weir.echo', scope => scope.stat().numStreamsInbound), 3)
    await streams[0]?.close()
    await until(() => b.manager.viewService('weir.echo', scope => scope.stat().numStreamsInbound) === 2, 'one has ended')
    streams.push(await openEcho(fourth, b.host))
    for (const stream of streams) await stream.close()
  })

  it('ServicePeerInbound: let each peer have 2 streams of a service, whoever else has some', async () => {
    await using b = await limitedHost({ ServicePeer: { 'weir.echo': { StreamsInbound: 2 } } })
    await using others = await limitedHosts(5)
    const [greedy, ...modest] = others.hosts
    assert.ok(greedy)
    for (const host of others.hosts) await join(host, b.host)
    const streams = [await openEcho(greedy, b.host), await openEcho(greedy, b.host)]
    await assert.rejects(openEcho(greedy, b.host), { code: 'RESOURCE_LIMIT_EXCEEDED', where: 'remote' })
    for (const host of modest) streams.push(await openEcho(host, b.host))
    assert.equal(b.manager.viewService('weir.echo', scope => scope.stat().numStreamsInbound), 6)
    for (const stream of streams) await stream.close()
  })

  it('tell whoever opens a stream beyond his own limit, with all numbers', async () => {
    await using b = await limitedHost()
    await using a = await limitedHost({ ProtocolPeer: { [ECHO_PROTOCOL]: { StreamsOutbound: 1 } } })
    await join(a.host, b.host)
    await using _ = await openEcho(a.host, b.host)
    const refusal = refusalIn(await openEcho(a.host, b.host).then(() => assert.fail('opened'), error => error))
    const { scope, resource, direction, current, limit } = refusal as { scope: { kind: string, protocol: string, peer: unknown } } & Record<string, unknown>
    assert.deepEqual([scope.kind, scope.protocol, String(scope.peer)], ['protocol-peer', ECHO_PROTOCOL, String(b.host.peer)])
    assert.deepEqual({ resource, direction, current, limit }, { resource: 'stream', direction: 'outbound', current: 1, limit: 1 })
  })

  it('TestLimitStreamsWhenHangingHandlers: count handlers that hang after their stream is closed', async () => {
    await using b = await limitedHost({ System: { Streams: 10 } })
    await using a = await limitedHost()
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    b.host.setStreamHandler('/hang', async stream => {
      await stream.read()
      await stream.write(Buffer.from('done'))
      await stream.close()
      await released
    })
    const call = async (): Promise<Buffer> => {
      await using stream = await a.host.newStream(b.host.peer, '/hang')
      await stream.write(Buffer.from('x'))
      await stream.closeWrite()
      return await readAll(stream)
    }
    await join(a.host, b.host)
    for (let n = 0; n < 10; n++) assert.equal(String(await call()), 'done')
    await until(() => a.manager.viewSystem(scope => scope.stat().numStreamsOutbound) === 0, 'the streams are closed')
    assert.equal(b.manager.viewSystem(scope => scope.stat().numStreamsInbound), 10)
    await assert.rejects(call())
    release()
    await until(() => b.manager.viewSystem(scope => scope.stat().numStreamsInbound) === 0, 'the handlers have returned')
    assert.equal(String(await call()), 'done')
  })

  it('TestMoreStreamsThanOurLimits: hold up nobody who tries again: 1,024 jobs on 16 streams', async () => {
    await using b = await limitedHost({ PeerDefault: { Streams: 32, StreamsInbound: 16, StreamsOutbound: 16 } })
    await using a = await limitedHost()
    await join(a.host, b.host)
    let [jobs, finished, refused, most] = [1_024, 0, 0, 0]
    const once = async (text: string): Promise<void> => {
      const stream = await a.host.newStream(b.host.peer, ECHO_PROTOCOL)
      try {
        await stream.write(Buffer.from(text))
        await stream.closeWrite()
        most = Math.max(most, b.manager.viewPeer(a.host.peer, scope => scope.stat().numStreamsInbound))
        assert.equal(String(await readAll(stream)), text)
        await stream.close()
      } catch (error) {
        stream.reset()
        throw error
      }
    }
    const worker = async (): Promise<void> => {
      while (jobs > 0) {
        const text = `job ${jobs--}`
        while (!await once(text).then(() => true, error => { assert.notEqual((error as Error).name, 'AssertionError'); refused++; return false })) {
          await new Promise(resolve => setTimeout(resolve, 2))
        }
        finished++
      }
    }
    await Promise.all(Array.from({ length: 64 }, worker))
    assert.equal(finished, 1_024)
    assert.ok(refused > 0)
    assert.ok(most <= 16, `${most} at once`)
    await until(() => b.manager.viewPeer(a.host.peer, scope => scope.stat().numStreamsInbound) === 0, 'all streams have ended')
  })
})

/** A refusal of the other side shows at the connection, or at the first use of it. */
async function openAfterConnect (from: Parameters<typeof join>[0], to: Parameters<typeof join>[1]): Promise<void> {
  await join(from, to)
  await openEcho(from, to)
}
