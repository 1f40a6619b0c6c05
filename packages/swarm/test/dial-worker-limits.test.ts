import assert from 'node:assert/strict'
import { turn } from '@weir/compliance'
import { ResourceLimitExceededError } from '@weir/network'
import { noDelayDialRanker } from '../src/default-dial-ranker.ts'
import { AddrNotTriedError, DialBackoffError } from '../src/dial-errors.ts'
import { ConnGatedError } from '../src/errors.ts'
import type { SwarmConn } from '../src/swarm-conn.ts'
import { addrAt, assertOver, connLimit, failureOf, fakeConn, PEER, portOf, ScriptedDials } from './scripted-dials.ts'

// dial_test, reference/go-libp2p.md 8.2, fault 19
describe('DialWorker: back-off', () => {
  it('DialBackoff: an address that failed is left alone, with the time until when, and may be forced', async () => {
    const dials = new ScriptedDials([1])
    const first = await dials.join()
    await dials.settle(1, new Error('no'))
    await failureOf(first.result)
    dials.again()
    const cause = (await failureOf((await dials.join()).result)).failures[0]?.cause
    assert(DialBackoffError.is(cause))
    assert.equal(cause.untilMs, dials.clock.wallMs() + 5_000)
    assert.match(cause.message, /until 20\d\d-.*Z/)
    dials.again()
    const forced = await dials.join({ forceDirectDial: 'a test' })
    assert.deepEqual(dials.started, [1, 1])
    await dials.settle(1, fakeConn())
    await forced.result
    assertOver(dials, 3)
  })

  it('DialBackoffClears: only what failed is left alone, and not for longer than it has to', async () => {
    const dials = new ScriptedDials([1, 2])
    await dials.join()
    await dials.settle(1, new Error('no'))
    dials.ports = [1]
    await dials.settle(2, fakeConn())
    assert.deepEqual([dials.backoff.waitMs(PEER, addrAt(1)), dials.backoff.waitMs(PEER, addrAt(2))], [5_000, 0])
    await dials.clock.advanceAsync(5_000)
    dials.again()
    await dials.join()
    assert.deepEqual(dials.started, [1, 2, 1])
    dials.worker.abort(new Error('over'))
    await turn()
    assertOver(dials, 2)
  })

  it('a caller who forces it spares an address that waits for its turn the back-off', async () => {
    const dials = new ScriptedDials([1, 2])
    dials.backoff.add(PEER, addrAt(2))
    await dials.join()
    const { result } = await dials.join({ forceDirectDial: 'a test' })
    await dials.clock.advanceAsync(100)
    assert.deepEqual(dials.started, [1, 2])
    await dials.settle(2, fakeConn())
    await result
    assertOver(dials)
  })

  it('a caller who comes later may try what another was kept from', async () => {
    const dials = new ScriptedDials([1, 2], { ranker: noDelayDialRanker })
    dials.backoff.add(PEER, addrAt(1))
    await dials.join()
    assert.deepEqual(dials.started, [2])
    await dials.clock.advanceAsync(5_000)
    const { result } = await dials.join()
    assert.deepEqual(dials.started, [2, 1])
    await dials.settle(1, fakeConn())
    await result
    await dials.settle(2, fakeConn())
    assertOver(dials)
  })

  it('does not blame an address for what we refuse ourselves, nor for coming second', async () => {
    for (const cause of [connLimit('system'), new ConnGatedError('interceptUpgraded', { rule: 'r', code: 0, message: 'm' } as never)]) {
      const dials = new ScriptedDials([1])
      await dials.join()
      await dials.settle(1, cause)
      assert.equal(dials.backoff.size, 0, cause.message)
      assertOver(dials)
    }
    const dials = new ScriptedDials([1, 2], { ranker: noDelayDialRanker })
    await dials.join()
    dials.ports = [2]
    await dials.join()
    await dials.settle(1, fakeConn())
    await dials.settle(2, new Error('no'))
    assert.equal(dials.backoff.size, 0)
    assertOver(dials)
  })
})

describe('DialWorker: limits', () => {
  it('tries no more at once than it may', async () => {
    const dials = new ScriptedDials([1, 2, 3], { ranker: noDelayDialRanker, maxDialsPerPeer: 2 })
    await dials.join()
    assert.deepEqual(dials.started, [1, 2])
    await dials.settle(1, new Error('no'))
    assert.deepEqual(dials.started, [1, 2, 3])
    await dials.settle(3, fakeConn())
    assertOver(dials)
  })

  /** Attempts of which only so many are admitted at the same time. */
  function admitting (limit: number): { dials: ScriptedDials, admitted: number[], attempts: Map<number, PromiseWithResolvers<SwarmConn>> } {
    let open = 0
    const admitted: number[] = []
    const attempts = new Map<number, PromiseWithResolvers<SwarmConn>>()
    const dials = new ScriptedDials([1, 2, 3, 4], {
      ranker: noDelayDialRanker,
      dialAddr: async (addr, { signal, onCharged }) => {
        if (open >= limit) throw connLimit()
        open++
        onCharged()
        admitted.push(portOf(addr))
        const attempt = Promise.withResolvers<SwarmConn>()
        attempts.set(portOf(addr), attempt)
        signal.addEventListener('abort', () => { attempt.reject(signal.reason) })
        return await attempt.promise.finally(() => { open-- })
      }
    })
    return { dials, admitted, attempts }
  }

  it('waits where the peer\'s limit refuses, as long as its own attempts are what is counted (8.2, fault 19)', async () => {
    const { dials, admitted, attempts } = admitting(2)
    const { result } = await dials.join()
    assert.deepEqual(admitted, [1, 2])
    assert.deepEqual(dials.worker.snapshot().addrs.map(({ state }) => state), ['dialling', 'dialling', 'waiting', 'waiting'])
    attempts.get(1)?.reject(new Error('no'))
    await turn()
    assert.deepEqual(admitted, [1, 2, 3])
    attempts.get(2)?.reject(new Error('no'))
    await turn()
    assert.deepEqual(admitted, [1, 2, 3, 4])
    const conn = fakeConn()
    attempts.get(4)?.resolve(conn)
    assert.equal(await result, conn)
    await turn()
    assert.equal(dials.backoff.size, 0 + 2)
    assertOver(dials)
  })

  it('fails where a limit refuses and nothing of its own is counted', async () => {
    const { dials } = admitting(0)
    const { result } = await dials.join()
    const error = await failureOf(result)
    assert.equal(error.failures.length, 4)
    assert(error.failures.every(({ cause }) => ResourceLimitExceededError.is(cause)))
    assertOver(dials)
  })

  it('says of who waits for the limit that he was not tried when time is up', async () => {
    const { dials } = admitting(1)
    const { result } = await dials.join({ dialPeerTimeoutMs: 10 })
    await dials.clock.advanceAsync(10)
    assert.deepEqual((await failureOf(result)).failures.map(({ cause }) => AddrNotTriedError.is(cause)), [false, true, true, true])
    await turn()
    assertOver(dials)
  })
})
