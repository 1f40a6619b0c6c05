import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { ConnManagementScope, Direction, StreamManagementScope } from '@weir/network'
import type { SpreadSnapshot } from '../src/index.ts'
import { ScopeCounter } from '../src/scope-counter.ts'
import { infiniteLimits } from '../src/infinite-limits.ts'
import { PeerUse } from '../src/peer-use.ts'
import { Spread } from '../src/spread.ts'
import { anyAddr, managerFor, namedPeer } from './manager-for.ts'

/** How many are in each bucket now. */
function now ({ reached, left }: SpreadSnapshot): number[] {
  return reached.counts.map((count, i) => count - (left.counts[i] ?? 0))
}

/** Those buckets that are not empty, by the largest value in them. */
function occupied (spread: SpreadSnapshot): Record<number, number> {
  return Object.fromEntries(now(spread).flatMap((count, i) => count === 0 ? [] : [[spread.reached.bounds[i] ?? Infinity, count]]))
}

describe('Spread', () => {
  it('keeps which buckets were reached and which were left', () => {
    const spread = new Spread([1, 4])
    spread.move(0, 1)
    spread.move(1, 2)
    spread.move(2, 4)
    spread.move(4, 5)
    assert.deepEqual(spread.snapshot(), { reached: { bounds: [1, 4], counts: [1, 1, 1], sum: 5 }, left: { bounds: [1, 4], counts: [1, 1, 0], sum: 0 } })
    spread.move(5, 0)
    assert.deepEqual(spread.snapshot(), { reached: { bounds: [1, 4], counts: [1, 1, 1], sum: 0 }, left: { bounds: [1, 4], counts: [1, 1, 1], sum: 0 } })
  })
})

describe('the use of peers', () => {
  it('notes a peer once, however often it changes, and forgets it with the peer', () => {
    const use = new PeerUse()
    const counters = Array.from({ length: 3 }, () => new ScopeCounter({ id: { kind: 'system' }, onZero () {} }, infiniteLimits.system, use))
    for (const counter of counters) for (let i = 0; i < 10; i++) counter.addStream(true)
    assert.equal(use.changed.length, 3)
    counters[0]?.clear()
    assert.equal(use.changed.length, 2)
    assert.deepEqual(occupied(use.snapshot().streamsInbound), { 10: 2 })
    assert.equal(use.changed.length, 0)
    for (const counter of counters) counter.clear()
    assert.deepEqual([use.changed.length, occupied(use.snapshot().streamsInbound)], [0, {}])
  })

  it('says how many peers have how many connections and streams, and how much memory', () => {
    const { manager } = managerFor()
    using held = new DisposableStack()
    for (const [name, conns, streams] of [['a', 1, 1], ['b', 1, 3], ['c', 2, 12]] as const) {
      for (let i = 0; i < conns; i++) held.use(manager.openConnection('inbound', false, anyAddr)).setPeer(namedPeer(name))
      for (let i = 0; i < streams; i++) held.use(manager.openStream(namedPeer(name), 'outbound')).reserveMemory(1_000, 255)
    }
    const { peerUse } = manager.snapshot()
    assert.deepEqual(occupied(peerUse.connsInbound), { 1: 2, 2: 1 })
    assert.deepEqual(occupied(peerUse.connsOutbound), {})
    assert.deepEqual(occupied(peerUse.streamsInbound), {})
    assert.deepEqual(occupied(peerUse.streamsOutbound), { 1: 1, 3: 1, 16: 1 })
    assert.deepEqual(occupied(peerUse.memoryBytes), { 1024: 1, 4096: 1, 32768: 1 })
    assert.equal(peerUse.memoryBytes.reached.sum - peerUse.memoryBytes.left.sum, 16_000)
  })

  it('is that of the peers there are, whatever happened, and none once all has ended', () => {
    const step = fc.record({ peer: fc.constantFrom('a', 'b', 'c'), what: fc.constantFrom('conn', 'stream', 'memory', 'end'), direction: fc.constantFrom<Direction>('inbound', 'outbound'), size: fc.nat(40_000) })
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const { manager } = managerFor()
      const open: (ConnManagementScope | StreamManagementScope)[] = []
      for (const { peer, what, direction, size } of steps) {
        if (what === 'stream') open.push(manager.openStream(namedPeer(peer), direction))
        else if (what === 'memory') open[size % open.length]?.reserveMemory(size, 255)
        else if (what === 'end') open.splice(size % (open.length + 1), 1)[0]?.done()
        else {
          const conn = manager.openConnection(direction, false, anyAddr)
          conn.setPeer(namedPeer(peer))
          open.push(conn)
        }
      }
      const { peerUse, peers = [] } = manager.snapshot({ level: 'all' })
      for (const [name, of] of [['connsInbound', 'numConnsInbound'], ['connsOutbound', 'numConnsOutbound'], ['streamsInbound', 'numStreamsInbound'], ['streamsOutbound', 'numStreamsOutbound'], ['memoryBytes', 'memoryBytes']] as const) {
        const values = peers.map(({ stat }) => stat[of]).filter(value => value > 0)
        const { reached, left } = peerUse[name]
        assert.deepEqual(now(peerUse[name]), [...reached.bounds, Infinity].map((bound, i) => values.filter(value => value <= bound && value > (reached.bounds[i - 1] ?? 0)).length), name)
        assert.equal(reached.sum - left.sum, values.reduce((sum, value) => sum + value, 0), name)
      }
      for (const scope of open) scope.done()
      for (const spread of Object.values(manager.snapshot().peerUse) as SpreadSnapshot[]) assert(now(spread).every(count => count === 0))
    }))
  })
})
