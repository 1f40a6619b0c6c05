import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { turn } from '@weir/compliance'
import type { DialPeerOptions } from '@weir/network'
import { noDelayDialRanker } from '../src/default-dial-ranker.ts'
import { MAX_TRACKED_ADDRS } from '../src/defaults.ts'
import { AddrNotTriedError } from '../src/dial-errors.ts'
import { SwarmTimeoutError } from '../src/errors.ts'
import type { SwarmConn } from '../src/swarm-conn.ts'
import { addrAt, assertOver, failureOf, fakeConn, PEER, portOf, ScriptedDials } from './scripted-dials.ts'

// dial_sync_test, dial_test
describe('DialWorker: callers', () => {
  it('SimultaneousJoin: one who came first gets the connection of a dial that came later', async () => {
    const dials = new ScriptedDials([1])
    const first = await dials.join()
    dials.ports = [1, 2]
    const second = await dials.join()
    await dials.clock.advanceAsync(100)
    dials.open = fakeConn()
    await dials.settle(1, new Error('slow and bad'))
    assert.equal(await first.result, dials.open, 'the last look')
    const conn = fakeConn()
    await dials.settle(2, conn)
    assert.equal(await second.result, conn)
    assertOver(dials)
  })

  it('gets the connection of an address that answered before he came', async () => {
    const dials = new ScriptedDials([1])
    const { result } = await dials.join()
    const late = new ScriptedDials([1, 2], { ranker: noDelayDialRanker })
    await dials.settle(1, fakeConn())
    await result
    await late.join()
    late.ports = [2]
    const stays = await late.join()
    const conn = fakeConn()
    await late.settle(1, conn)
    late.ports = [1]
    assert.equal(await (await late.join()).result, conn)
    conn.closed = true
    const again = await late.join()
    assert.deepEqual(late.started, [1, 2, 1], 'a connection that is closed is none')
    await late.settle(1, fakeConn())
    await again.result
    await late.settle(2, fakeConn())
    await stays.result
    assertOver(late)
  })

  it('one leaves by his signal with its reason, and hurts no other', async () => {
    const dials = new ScriptedDials([1])
    const abort = new AbortController()
    const leaver = await dials.join({ signal: abort.signal })
    const stayer = await dials.join()
    const reason = new Error('changed my mind')
    abort.abort(reason)
    await assert.rejects(leaver.result, error => error === reason)
    assert.deepEqual(dials.aborted, [])
    const conn = fakeConn()
    await dials.settle(1, conn)
    assert.equal(await stayer.result, conn)
    assertOver(dials)
  })

  it('the last one who leaves ends what is under way in that very turn', async () => {
    const dials = new ScriptedDials([1, 2, 3, 4], { ranker: noDelayDialRanker, maxDialsPerPeer: 2 })
    const abort = new AbortController()
    await dials.join({ signal: abort.signal })
    assert.deepEqual([dials.underWay, dials.limiter.fdDials], [[1, 2], 2])
    abort.abort(new Error('enough'))
    assert.deepEqual([dials.aborted, dials.limiter.fdDials, dials.limiter.peers, dials.ended, dials.clock.pendingTimers], [[1, 2], 0, 0, 1, 0])
    await turn()
    assert.deepEqual(dials.started, [1, 2])
    assert.equal(dials.backoff.size, 0, 'it was not the address\'s fault')
    assertOver(dials)
  })

  for (const [name, options] of Object.entries<() => DialPeerOptions>({
    'his timeout': () => ({ dialPeerTimeoutMs: 150 }),
    'the timeout of his signal': () => ({ signal: AbortSignal.abort(new DOMException('time is up', 'TimeoutError')) })
  })) {
    it(`who leaves by ${name} gets every address with its cause, and that beside them`, async () => {
      const dials = new ScriptedDials([1, 2, 3, 4, 5], { ranker: addrs => addrs.map((addr, index) => ({ addr, delayMs: index === 4 ? 1_000 : 0 })), maxDialsPerPeer: 2 })
      const abort = new AbortController()
      const given = options()
      const { result } = await dials.join(given.signal === undefined ? given : { signal: abort.signal })
      await dials.settle(1, new Error('refused'))
      if (given.signal === undefined) await dials.clock.advanceAsync(150)
      else abort.abort(given.signal.reason)
      const error = await failureOf(result)
      const cause = error.cause
      assert(given.signal === undefined ? SwarmTimeoutError.is(cause) : cause === given.signal.reason)
      assert.deepEqual(error.failures.map(({ addr, cause }) => [portOf(addr), AddrNotTriedError.is(cause) ? cause.waitedFor : (cause as Error).message]),
        [[1, 'refused'], [2, (cause as Error).message], [3, (cause as Error).message], [4, 'slot'], [5, 'turn']])
      assertOver(dials)
    })
  }

  it('each caller\'s time is his own', async () => {
    const dials = new ScriptedDials([1])
    const short = await dials.join({ dialPeerTimeoutMs: 10 })
    const long = await dials.join({ dialPeerTimeoutMs: 20 })
    await dials.clock.advanceAsync(10)
    await failureOf(short.result)
    assert.deepEqual(dials.aborted, [])
    await dials.clock.advanceAsync(10)
    await failureOf(long.result)
    assert.deepEqual(dials.aborted, [1])
    assertOver(dials)
  })

  it('one who wants a direct connection does not get another\'s', async () => {
    const relayed = multiaddr(`${addrAt(1)}/p2p/${PEER}/p2p-circuit`)
    const dials = new ScriptedDials([], { addrsForDial: async ({ forceDirectDial }) => ({ addrs: forceDirectDial ? [addrAt(2)] : [relayed, addrAt(2)], refused: [] }) })
    const any = await dials.join()
    const direct = await dials.join({ forceDirectDial: 'a test' })
    const conn = fakeConn()
    await dials.settle(1, conn)
    assert.equal(await any.result, conn)
    await dials.clock.advanceAsync(100)
    const second = fakeConn()
    await dials.settle(2, second)
    assert.equal(await direct.result, second)
    assertOver(dials)
  })

  it('gives up on a ranker that leaves an address out, and goes on with the others', async () => {
    const dials = new ScriptedDials([1, 2], { ranker: addrs => addrs.slice(0, 1).map(addr => ({ addr, delayMs: 0 })) })
    const { result } = await dials.join()
    await dials.settle(1, new Error('no'))
    assert.deepEqual((await failureOf(result)).failures.map(({ addr }) => portOf(addr)).toSorted(), [1, 2])
    const none = new ScriptedDials([1], { ranker: () => [] })
    await failureOf((await none.join()).result)
    assertOver(none)
  })

  it('nobody waits for an attempt that comes too late', async () => {
    const late = Promise.withResolvers<SwarmConn>()
    const dials = new ScriptedDials([1], { dialAddr: async () => await late.promise })
    const { result } = await dials.join({ dialPeerTimeoutMs: 10 })
    await dials.clock.advanceAsync(10)
    await failureOf(result)
    assertOver(dials)
    const conn = fakeConn()
    late.resolve(conn)
    await turn()
    assert.equal(conn.aborted, true)
    assert.deepEqual(dials.established, [])
  })

  it('forgets what failed where callers with ever new addresses never end', async () => {
    const dials = new ScriptedDials([1], { ranker: noDelayDialRanker })
    await dials.join()
    for (let port = 2; port < 3_000; port++) {
      dials.ports = [port]
      const { result } = await dials.join()
      await dials.settle(port, new Error('no'))
      await failureOf(result)
    }
    assert(dials.worker.tracked <= MAX_TRACKED_ADDRS, `${dials.worker.tracked}`)
    await dials.settle(1, fakeConn())
    assertOver(dials)
  })

  it('once there is a connection, what is left for others goes at its time and no sooner', async () => {
    const relayed = multiaddr(`${addrAt(1)}/p2p/${PEER}/p2p-circuit`)
    const dials = new ScriptedDials([], { addrsForDial: async ({ forceDirectDial }) => ({ addrs: forceDirectDial ? [addrAt(2)] : [relayed, addrAt(2)], refused: [] }) })
    const any = await dials.join()
    await dials.join({ forceDirectDial: 'a test' })
    await dials.settle(1, fakeConn())
    await any.result
    const direct = await dials.join({ forceDirectDial: 'another' })
    assert.deepEqual(dials.started, [1])
    await dials.clock.advanceAsync(100)
    assert.deepEqual(dials.started, [1, 2])
    await dials.settle(2, fakeConn())
    await direct.result
    assertOver(dials)
  })

  it('gets a connection that came about while his names were resolved', async () => {
    const dials = new ScriptedDials([1])
    dials.open = fakeConn()
    assert.equal(await (await dials.join()).result, dials.open)
    assert.deepEqual(dials.started, [])
    assertOver(dials)
  })

  it('who left while his names were resolved has nothing dialled', async () => {
    const resolved = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let asked = 0
    const dials = new ScriptedDials([], {
      addrsForDial: async () => {
        const port = ++asked
        await resolved[port - 1]?.promise
        return { addrs: [addrAt(port)], refused: [] }
      }
    })
    const abort = new AbortController()
    const leaver = await dials.join({ signal: abort.signal })
    const stayer = await dials.join()
    abort.abort(new Error('gone'))
    await assert.rejects(leaver.result, /gone/)
    for (const { resolve } of resolved) resolve()
    await turn()
    assert.deepEqual(dials.started, [2])
    await dials.settle(2, fakeConn())
    await stayer.result
    assertOver(dials)
  })
})
