import assert from 'node:assert/strict'
import type { Conn } from '@weir/network'
import fc from 'fast-check'
import { netGroup } from '../src/index.ts'
import { addrIn, newPeer, peerOf } from './conn-house.ts'
import { FullNode } from './full-node.ts'

// After the eclipse test of reference/mina-net2.md: attackers fill a node, then an honest peer comes.

const GRACE_MS = 60_000
const HONEST_GROUP = 200

describe('an eclipse', () => {
  it('30 attackers fill a node; an honest late peer gets in and stays, while they keep trying', async () => {
    await using node = new FullNode(30, { gracePeriodMs: GRACE_MS, silencePeriodMs: 10_000, lowWater: 20, highWater: 27 })
    for (let n = 0; n < 30; n++) node.accept(newPeer(), addrIn(n % 3, n), { numStreams: 5 })
    assert.equal(node.numInbound, 30)
    node.clock.advance(GRACE_MS)
    const honest = node.accept(peerOf('honest'), addrIn(HONEST_GROUP))
    assert(honest, 'it gets in')
    for (let second = 0; second < 3_600; second++) {
      for (let n = 0; n < 3; n++) node.accept(newPeer(), addrIn(n, second), { numStreams: 5 })
      await node.clock.advanceAsync(1_000)
      assert(!honest.isClosed(), `it stays, in second ${second}`)
    }
  })

  it('in a node that never trims too', async () => {
    await using node = new FullNode(30, { gracePeriodMs: GRACE_MS, lowWater: 0, highWater: 0 })
    for (let n = 0; n < 30; n++) node.accept(newPeer(), addrIn(n % 3, n), { numStreams: 5 })
    node.clock.advance(GRACE_MS)
    const honest = node.accept(peerOf('honest'), addrIn(HONEST_GROUP))
    assert(honest)
    for (let n = 0; n < 3_000; n++) {
      node.accept(newPeer(), addrIn(n % 3, n), { numStreams: 5 })
      node.clock.advance(1_000)
      assert(!honest.isClosed())
    }
  })

  it('of one group, an honest peer that is of use stays', async () => {
    await using node = new FullNode(10, { gracePeriodMs: GRACE_MS, lowWater: 0, highWater: 0 })
    for (let n = 0; n < 10; n++) node.accept(newPeer(), addrIn(1, n), { numStreams: 5 })
    node.clock.advance(GRACE_MS)
    const honest = node.accept(peerOf('honest'), addrIn(1, 100))
    assert(honest)
    node.manager.tagPeer(honest.remotePeer, 'app:useful', 1)
    for (let n = 0; n < 3_000; n++) {
      node.accept(newPeer(), addrIn(1, n), { numStreams: 5 })
      node.clock.advance(1_000)
      assert(!honest.isClosed())
    }
  })

  it('whoever was there before the attack stays as well', async () => {
    await using node = new FullNode(30, { gracePeriodMs: GRACE_MS, silencePeriodMs: 10_000, lowWater: 20, highWater: 27 })
    const early: Conn[] = []
    for (let n = 0; n < 10; n++) {
      const conn = node.accept(newPeer(), addrIn(100 + n))
      assert(conn)
      early.push(conn)
    }
    for (let second = 0; second < 600; second++) {
      for (let n = 0; n < 5; n++) node.accept(newPeer(), addrIn(n, second), { numStreams: 5 })
      await node.clock.advanceAsync(1_000)
    }
    assert(early.every(conn => !conn.isClosed()))
  })

  it('does not hold under random interleavings of comings, goings, streams and time', async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ do: fc.constant('attack' as const), group: fc.nat(2), numStreams: fc.nat(9), again: fc.boolean() }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), at: fc.nat() }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 500, 5_000, 30_000, GRACE_MS) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('honest' as const) }) }
    )
    let arrivals = 0
    await fc.assert(fc.asyncProperty(fc.integer({ min: 8, max: 30 }), fc.array(step, { minLength: 50, maxLength: 300 }), async (limit, steps) => {
      // Three groups of attackers and an honest one: it stays as long as a trim leaves a connection to each.
      await using node = new FullNode(limit, { gracePeriodMs: GRACE_MS, silencePeriodMs: 10_000, lowWater: Math.max(4, Math.floor(limit * 0.72)), highWater: Math.max(5, Math.floor(limit * 0.9)) })
      let honest: Conn | undefined
      let old = peerOf('attacker')
      for (let n = 0; n < limit; n++) node.accept(newPeer(), addrIn(n % 3, n), { numStreams: 3 })
      for (const [n, each] of steps.entries()) {
        if (each.do === 'wait') {
          await node.clock.advanceAsync(each.ms)
        } else if (each.do === 'leave') {
          const attackers = [...node.open.values()].filter(conn => conn !== honest)
          await attackers[each.at % attackers.length]?.close()
        } else if (each.do === 'attack') {
          if (!each.again) old = newPeer()
          node.accept(old, addrIn(each.group, n), { numStreams: each.numStreams })
        } else if (honest === undefined) {
          const expendable = crowdedOutOfGrace(node)
          honest = node.accept(peerOf('honest'), addrIn(HONEST_GROUP))
          arrivals += Number(honest !== undefined)
          // Attackers in grace are not ended, so that a node which is full of them lets nobody in: the one exception.
          if (expendable > 0) assert(honest, 'it gets in')
        }
        assert(honest?.isClosed() !== true, 'it stays')
        assert(node.numInbound <= limit)
      }
    }), { numRuns: 150 })
    assert(arrivals > 50, `the honest peer came in ${arrivals} runs`)
  })
})

/** Connections of groups with others, that are out of grace. */
function crowdedOutOfGrace (node: FullNode): number {
  const groups = Object.groupBy(node.open.values(), conn => netGroup(conn.remoteMultiaddr))
  const crowded = Object.values(groups).flatMap(conns => conns !== undefined && conns.length > 1 ? conns : [])
  return crowded.filter(conn => node.clock.wallMs() - conn.stat().openedMs >= GRACE_MS).length
}
