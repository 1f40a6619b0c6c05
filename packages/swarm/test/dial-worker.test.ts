import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { DialPriority, NoRemoteAddrsError } from '@weir/network'
import { AddrFilteredError, NoGoodAddrsError } from '../src/dial-errors.ts'
import type { SwarmConn } from '../src/swarm-conn.ts'
import { addrAt, assertOver, causes, failureOf, type FakeConn, fakeConn, PEER, portOf, ScriptedDials } from './scripted-dials.ts'

// dial_worker_test
describe('DialWorker', () => {
  describe('basic', () => {
    it('DialWorkerLoopBasic: dials by rank, and aborts the others when one answers', async () => {
      const dials = new ScriptedDials([1, 2, 3])
      const { result } = await dials.join()
      assert.deepEqual(dials.started, [1])
      await dials.clock.advanceAsync(100)
      assert.deepEqual(dials.started, [1, 2])
      const winner = fakeConn()
      await dials.settle(2, winner)
      assert.equal(await result, winner)
      assert.deepEqual([dials.aborted, dials.established], [[1], [winner]])
      await dials.clock.advanceAsync(10_000)
      assert.deepEqual(dials.started, [1, 2], 'nothing is dialled after success')
      assertOver(dials)
    })

    it('DialWorkerLoopConcurrent: a hundred callers get one connection', async () => {
      const dials = new ScriptedDials([1])
      const callers = await Promise.all(Array.from({ length: 100 }, async () => await dials.join()))
      const conn = fakeConn()
      await dials.settle(1, conn)
      for (const { result } of callers) assert.equal(await result, conn)
      assert.deepEqual(dials.started, [1])
      assertOver(dials)
    })

    it('DialWorkerLoopFailure: lists the cause of every address when all fail', async () => {
      const refused = { addr: multiaddr('/ip4/0.0.0.0/tcp/9'), cause: new AddrFilteredError('unspecified') }
      const dials = new ScriptedDials([], { addrsForDial: async () => ({ addrs: [1, 2, 3].map(addrAt), refused: [refused] }) })
      const { result } = await dials.join()
      for (const port of [1, 2, 3]) await dials.settle(port, new Error(`no ${port}`))
      const error = await failureOf(result)
      assert.deepEqual(causes(error), [[9, refused.cause.message], [1, 'no 1'], [2, 'no 2'], [3, 'no 3']])
      assertOver(dials)
    })

    it('DialWorkerLoopConcurrentFailure: a hundred callers get the failure', async () => {
      const dials = new ScriptedDials([1])
      const callers = await Promise.all(Array.from({ length: 100 }, async () => await dials.join()))
      await dials.settle(1, new Error('no'))
      for (const { result } of callers) assert.deepEqual(causes(await failureOf(result)), [[1, 'no']])
      assertOver(dials)
    })

    it('DialWorkerLoopConcurrentMix: one good address among bad ones serves all', async () => {
      const dials = new ScriptedDials([1, 2, 3, 4])
      const callers = await Promise.all(Array.from({ length: 100 }, async () => await dials.join()))
      for (const port of [1, 2, 3]) await dials.settle(port, new Error('no'))
      const conn = fakeConn()
      await dials.settle(4, conn)
      for (const { result } of callers) assert.equal(await result, conn)
      assertOver(dials)
    })

    it('DialWorkerLoopConcurrentFailureStress: callers with addresses of their own each get their own causes', async () => {
      const dials = new ScriptedDials([])
      const callers: Promise<SwarmConn>[] = []
      for (let port = 1; port <= 20; port++) {
        dials.ports = [port, port + 1]
        callers.push((await dials.join()).result)
      }
      await dials.clock.advanceAsync(1_000)
      for (let failed = 0; failed < 21; failed++) await dials.settle(dials.underWay[0] ?? assert.fail('nothing is under way'), new Error('no'))
      for (const [index, result] of callers.entries()) assert.deepEqual((await failureOf(result)).failures.map(({ addr }) => portOf(addr)).toSorted((a, b) => a - b), [index + 1, index + 2])
      assert.equal(new Set(dials.started).size, dials.started.length, 'no address is tried twice')
      assertOver(dials)
    })

    it('gives the reason when no address is known, or none is good', async () => {
      const unknown = new ScriptedDials([], { addrsForDial: async () => { throw new NoRemoteAddrsError(PEER) } })
      await assert.rejects((await unknown.join()).result, NoRemoteAddrsError.is)
      assertOver(unknown)
      const refused = { addr: addrAt(1), cause: new AddrFilteredError('unspecified') }
      const none = new ScriptedDials([], { addrsForDial: async () => ({ addrs: [], refused: [refused] }) })
      const error = await failureOf((await none.join()).result)
      assert(NoGoodAddrsError.is(error.cause))
      assert.deepEqual(error.failures, [refused])
      assertOver(none)
    })
  })

  it('goes on with the next address when a connection is not taken in', async () => {
    let taken = 0
    const dials = new ScriptedDials([1, 2], { establish () { if (taken++ === 0) throw new Error('gated') } })
    const { result } = await dials.join()
    await dials.settle(1, fakeConn())
    const second: FakeConn = fakeConn()
    await dials.settle(2, second)
    assert.equal(await result, second)
    assertOver(dials)
  })

  it('shows what it does, in a value that can be cloned', async () => {
    const dials = new ScriptedDials([1, 2, 3], { ranker: addrs => addrs.map((addr, index) => ({ addr, delayMs: index === 2 ? 500 : 0 })), maxDialsPerPeer: 1 })
    const sinceMs = dials.clock.wallMs()
    await dials.join({ priority: DialPriority.background })
    await dials.clock.advanceAsync(10)
    assert.deepEqual(structuredClone(dials.worker.snapshot()), {
      peer: PEER.toString(),
      sinceMs,
      priority: 'background',
      callers: 1,
      addrs: [
        { addr: addrAt(1).toString(), state: 'dialling', sinceMs },
        { addr: addrAt(2).toString(), state: 'waiting', sinceMs },
        { addr: addrAt(3).toString(), state: 'queued', sinceMs }
      ]
    })
    await dials.join()
    assert.deepEqual([dials.worker.snapshot().priority, dials.worker.snapshot().callers], ['user', 2])
    await dials.settle(1, new Error('no'))
    assert.deepEqual(dials.worker.snapshot().addrs.map(({ state }) => state), ['dialling', 'queued'])
    dials.worker.abort(new Error('over'))
    assertOver(dials)
  })
})
