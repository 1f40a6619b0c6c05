import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { turn } from '@weir/compliance'
import fc from 'fast-check'
import { defaultDialRanker, noDelayDialRanker } from '../src/default-dial-ranker.ts'
import { assertOver, causes, failureOf, fakeConn, portOf, ScriptedDials, stepRanker } from './scripted-dials.ts'

// dial_worker_test
describe('DialWorker: scheduling', () => {
  it('DialWorkerLoopRanking: each at its time, in batches', async () => {
    const dials = new ScriptedDials([1, 2, 3, 4, 5], { ranker: addrs => addrs.map((addr, index) => ({ addr, delayMs: Math.floor(index / 2) * 250 })) })
    await dials.join()
    assert.deepEqual(dials.started, [1, 2])
    await dials.clock.advanceAsync(249)
    assert.deepEqual(dials.started, [1, 2])
    await dials.clock.advanceAsync(1)
    assert.deepEqual(dials.started, [1, 2, 3, 4])
    await dials.clock.advanceAsync(250)
    assert.deepEqual(dials.started, [1, 2, 3, 4, 5])
    dials.worker.abort(new Error('over'))
    assertOver(dials)
  })

  it('DialWorkerLoopSchedulingProperty "failed dials": the next goes at once when nothing else is under way', async () => {
    const dials = new ScriptedDials([1, 2, 3])
    await dials.join()
    await dials.settle(1, new Error('no'))
    assert.deepEqual(dials.started, [1, 2])
    await dials.clock.advanceAsync(200)
    assert.deepEqual(dials.started, [1, 2, 3])
    await dials.settle(2, new Error('no'))
    await dials.settle(3, fakeConn())
    assertOver(dials)
  })

  it('SchedulingProperty: no dial is started after the first success, none later than it must be, and none twice', async () => {
    const script = fc.array(fc.record({ delayMs: fc.nat(5).map(n => n * 100), takesMs: fc.nat(8).map(n => 50 + n * 100), succeeds: fc.boolean() }), { minLength: 1, maxLength: 8 })
    await fc.assert(fc.asyncProperty(script, async addrs => {
      const dials = new ScriptedDials(addrs.map((_, index) => index + 1), { ranker: known => known.map(addr => ({ addr, delayMs: addrs[portOf(addr) - 1]?.delayMs ?? 0 })) })
      const { result } = await dials.join()
      const outcome = result.then(() => 'connected', () => 'failed')
      const startedAt = new Map<number, number>()
      let connectedAt = Infinity
      // A simple model, step by step: what is under way ends at its time, and everything started so far was due.
      for (let nowMs = 0; nowMs <= 5_000; nowMs += 50) {
        for (const port of dials.started) if (!startedAt.has(port)) startedAt.set(port, nowMs)
        for (const port of dials.underWay) {
          const { takesMs = 0, succeeds = false } = addrs[port - 1] ?? {}
          if (nowMs < (startedAt.get(port) ?? 0) + takesMs || !dials.underWay.includes(port)) continue
          if (succeeds) connectedAt = Math.min(connectedAt, nowMs)
          await dials.settle(port, succeeds ? fakeConn() : new Error('no'))
        }
        for (const port of dials.started) if (!startedAt.has(port)) startedAt.set(port, nowMs)
        const idle = connectedAt === Infinity && dials.underWay.length === 0
        const waiting = addrs.filter((_, index) => !startedAt.has(index + 1))
        if (idle) assert.equal(waiting.length, 0, 'nothing is under way, and one waits')
        if (connectedAt === Infinity) assert(waiting.every(({ delayMs }) => delayMs > nowMs), 'one is late')
        await dials.clock.advanceAsync(50)
      }
      assert([...startedAt.values()].every(at => at <= connectedAt), 'a dial too many')
      assert.equal(new Set(dials.started).size, dials.started.length)
      assert.equal(await outcome, connectedAt === Infinity ? 'failed' : 'connected')
      assertOver(dials)
    }), { numRuns: 50 })
  }).timeout(60_000)

  it('DialWorkerLoopQuicOverTCP: QUIC alone is tried when it answers within its step', async () => {
    const [quic, tcp] = [multiaddr('/ip4/1.2.3.4/udp/1/quic-v1'), multiaddr('/ip4/1.2.3.4/tcp/2')]
    const dials = new ScriptedDials([], { ranker: defaultDialRanker, addrsForDial: async () => ({ addrs: [tcp, quic], refused: [] }) })
    const { result } = await dials.join()
    await dials.clock.advanceAsync(249)
    const conn = fakeConn()
    await dials.settle(1, conn)
    assert.equal(await result, conn)
    await dials.clock.advanceAsync(1_000)
    assert.deepEqual(dials.started, [1])
    assertOver(dials)
  })

  it('DialWorkerLoopHolePunching: a simultaneous connect is tried at once, also what waits for its turn already', async () => {
    const dials = new ScriptedDials([1, 2, 3], { ranker: stepRanker(1_000) })
    await dials.join()
    assert.deepEqual(dials.started, [1])
    const { result } = await dials.join({ simultaneousConnect: { isClient: false, reason: 'hole punching' } })
    assert.deepEqual(dials.started, [1, 2, 3])
    assert.deepEqual([1, 2, 3].map(port => dials.options.get(port)?.isClient), [true, false, false])
    await dials.settle(3, fakeConn())
    await result
    assertOver(dials)
  })

  it('DialWorkerLoopAddrDedup: an address that failed is not tried again for a caller who comes later', async () => {
    const dials = new ScriptedDials([1, 2], { ranker: noDelayDialRanker })
    await dials.join()
    await dials.settle(1, new Error('no'))
    dials.ports = [1]
    const { result } = await dials.join()
    assert.deepEqual(causes(await failureOf(result)), [[1, 'no']])
    assert.deepEqual(dials.started, [1, 2])
    await dials.settle(2, fakeConn())
    assertOver(dials)
  })

  // Go's tcp has the other half, DialWithUpdates: `onSocket` of `dialAddr` here
  it('DialWorkerLoopTCPConnUpgradeWait: a socket that is open is given 250 ms before others are tried', async () => {
    const dials = new ScriptedDials([1, 2])
    await dials.join()
    await dials.clock.advanceAsync(90)
    dials.options.get(1)?.onSocket()
    await dials.clock.advanceAsync(249)
    assert.deepEqual(dials.started, [1])
    await dials.clock.advanceAsync(1)
    assert.deepEqual(dials.started, [1, 2])
    await dials.settle(1, new Error('no'))
    await dials.settle(2, fakeConn())
    assertOver(dials)
  })

  it('DialWorkerLoopTCPConnUpgradeWait: not in a private network, and no longer when it has failed', async () => {
    const near = [1, 2].map(port => multiaddr(`/ip4/192.168.0.1/tcp/${port}`))
    const nearby = new ScriptedDials([], { addrsForDial: async () => ({ addrs: near, refused: [] }) })
    await nearby.join()
    nearby.options.get(1)?.onSocket()
    await nearby.clock.advanceAsync(100)
    assert.deepEqual(nearby.started, [1, 2])
    nearby.worker.abort(new Error('over'))
    const dials = new ScriptedDials([1, 2, 3])
    await dials.join()
    await dials.clock.advanceAsync(100)
    dials.options.get(1)?.onSocket()
    await dials.settle(1, new Error('no'))
    await dials.clock.advanceAsync(100)
    assert.deepEqual(dials.started, [1, 2, 3])
    dials.worker.abort(new Error('over'))
    await turn()
    assertOver(dials)
  })
})
