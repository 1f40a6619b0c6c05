import assert from 'node:assert/strict'
import { memory } from '@libp2p/memory'
import { multiaddr } from '@multiformats/multiaddr'
import { type Conn, ResourceLimitExceededError, type Stream } from '@weir/network'
import { buildLimits, type ConcreteLimits, createResourceManager, infiniteLimits, scaleLimits } from '@weir/resource-manager'
import { type OwnedHost, tcpHost, until } from './host-pair.ts'

const CONNS = 100
const STREAMS = 100

/** Just enough. */
const SET_FOR_IT = buildLimits({ System: { ConnsInbound: CONNS, StreamsInbound: CONNS * STREAMS }, PeerDefault: { ConnsInbound: 1, StreamsInbound: STREAMS } }, infiniteLimits)
const DEFAULTS = scaleLimits({ memoryBytes: 2 ** 30, numFd: 4_096 })
const CASES: ReadonlyArray<readonly [string, ConcreteLimits, boolean]> = [['limits that are set for it', SET_FOR_IT, true], ['the default limits of a GiB', DEFAULTS, false]]

async function echo (stream: Stream): Promise<void> {
  for await (const data of stream) await stream.write(data)
  await stream.close()
}

/** Whether the stream is answered; if not it has to be for the limits of the other end. */
async function isAnswered (stream: Stream): Promise<boolean> {
  try {
    await stream.write(Buffer.from('.'))
    assert.equal(Buffer.from(await stream.read() ?? []).toString(), '.')
    return true
  } catch (error) {
    assert(ResourceLimitExceededError.is(error) && error.where === 'remote', String(error))
    return false
  }
}

describe('100 connections with 100 streams each', function () {
  this.timeout(120_000)

  for (const [what, limits, all] of CASES) {
    it(`under ${what}: ${all ? 'all are open at the same time' : 'the excess is refused alone, and the connections live'}`, async () => {
      const manager = createResourceManager({ limits })
      const dialers: OwnedHost[] = []
      try {
        await using hub = await tcpHost({}, { transports: [memory()], resourceManager: manager })
        hub.host.network.setStreamHandler(stream => { void echo(stream).catch(() => {}) })
        const addr = multiaddr(`/memory/many-conns-${all}`)
        await hub.host.network.listen(addr)
        const conns: Conn[] = []
        for (let i = 0; i < CONNS; i++) {
          const dialer = await tcpHost({}, { transports: [memory()] })
          dialers.push(dialer)
          dialer.host.network.peerstore.addAddrs(hub.host.peer, [addr], 60_000)
          conns.push(await dialer.host.network.dialPeer(hub.host.peer))
        }
        const open: Stream[] = []
        for (const conn of conns) {
          const streams = await Promise.all(Array.from({ length: STREAMS }, async () => await conn.newStream()))
          const answered = await Promise.all(streams.map(isAnswered))
          open.push(...streams.filter((_, i) => answered[i]))
        }
        if (all) assert.equal(open.length, CONNS * STREAMS)
        else assert(open.length > STREAMS && open.length < CONNS * STREAMS, `${open.length} are open`)
        assert.equal(manager.viewSystem(scope => scope.stat()).numStreamsInbound, open.length)
        assert.equal(await isAnswered(await (conns[0] ?? assert.fail()).newStream()), false, 'one more is refused')
        assert(conns.every(conn => !conn.isClosed()))
        assert.equal(hub.host.network.conns().length, CONNS)
        await Promise.all(open.map(async stream => { await stream.close() }))
        await until(() => manager.viewSystem(scope => scope.stat()).numStreamsInbound === 0, 'no stream is left')
        assert.deepEqual(await Promise.all(conns.map(async conn => await isAnswered(await conn.newStream()))), Array.from(conns, () => true), 'there is room again')
        for (const dialer of dialers.splice(0)) await dialer[Symbol.asyncDispose]()
      } finally {
        for (const dialer of dialers) await dialer[Symbol.asyncDispose]()
        await manager.close()
      }
    })
  }
})
