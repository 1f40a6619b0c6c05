import assert from 'node:assert/strict'
import type { Conn, Direction } from '@weir/network'
import fc from 'fast-check'
import { netGroup } from '../src/index.ts'
import { addrIn, ConnHouse, peerOf } from './conn-house.ts'

const GRACE_MS = 50
const LOW_WATER = 3

interface ModelPeer {
  readonly name: string
  seenAtMs: number
  readonly tags: Map<string, number>
  readonly conns: Conn[]
}

/** The rules once more, as plainly as they can be said. */
class Model {
  readonly peers = new Map<string, ModelPeer>()
  readonly protections = new Map<string, Set<string>>()

  peer (name: string, nowMs: number): ModelPeer {
    const peer = this.peers.get(name) ?? { name, seenAtMs: nowMs, tags: new Map(), conns: [] }
    this.peers.set(name, peer)
    return peer
  }

  value (peer: ModelPeer): number {
    return [...peer.tags.values()].reduce((a, b) => a + b, 0)
  }

  settle (name: string): void {
    const peer = this.peers.get(name)
    if (peer?.conns.length === 0 && peer.tags.size === 0) this.peers.delete(name)
  }

  isSpared (peer: ModelPeer, nowMs: number): boolean {
    return (this.protections.get(peer.name)?.size ?? 0) > 0 || peer.seenAtMs > nowMs - GRACE_MS
  }

  /** The peers that may be closed, first to last. */
  order (nowMs: number): ModelPeer[] {
    const connected = [...this.peers.values()].filter(({ conns }) => conns.length > 0)
    const candidates = connected.filter(peer => !this.isSpared(peer, nowMs))
    const streams = (peer: ModelPeer): number => peer.conns.reduce((sum, conn) => sum + conn.stat().numStreams, 0)
    const came = (peer: ModelPeer): boolean => peer.conns.some(conn => conn.stat().direction === 'inbound')
    const isBefore = (a: ModelPeer, b: ModelPeer): number => this.value(a) - this.value(b) || Number(streams(a) > 0) - Number(streams(b) > 0) || Number(came(b)) - Number(came(a)) || streams(a) - streams(b) || b.seenAtMs - a.seenAtMs
    const group = (peer: ModelPeer): string => netGroup(peer.conns[0]?.remoteMultiaddr ?? addrIn(0))
    const keptBefore = (peer: ModelPeer): ModelPeer[] => connected.filter(other => other === peer || (group(other) === group(peer) && (!candidates.includes(other) || isBefore(peer, other) < 0)))
    const crowding = (peer: ModelPeer): number => keptBefore(peer).reduce((sum, { conns }) => sum + conns.length, 0)
    return candidates.sort((a, b) => this.value(a) - this.value(b) || crowding(b) - crowding(a) || isBefore(a, b))
  }
}

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g')
const tag = fc.constantFrom('test:x', 'test:y', 'test:z')
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: fc.constant('connect' as const), name, group: fc.nat(2), direction: fc.constantFrom<Direction>('inbound', 'outbound', 'unknown'), numStreams: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('close' as const), name, at: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('tag' as const), name, tag, value: fc.integer({ min: -2, max: 2 }) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('upsert' as const), name, tag, value: fc.integer({ min: -2, max: 2 }) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('untag' as const), name, tag }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('protect' as const), name, tag }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('unprotect' as const), name, tag }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('wait' as const), ms: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('trim' as const) }) }
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

async function play (house: ConnHouse, model: Model, each: Step): Promise<void> {
  const { manager, clock } = house
  const nowMs = clock.monotonicMs()
  if (each.op === 'wait') {
    clock.advance(each.ms)
  } else if (each.op === 'trim') {
    const order = model.order(nowMs)
    let target = order.reduce((sum, { conns }) => sum + conns.length, 0) - LOW_WATER
    const expected: string[] = []
    for (const peer of order) {
      if (target <= 0) break
      target -= peer.conns.length
      expected.push(...peer.conns.map(({ id }) => id))
    }
    const forgets = expected.length > 0 ? [...model.peers.values()].filter(peer => peer.conns.length === 0 && peer.seenAtMs <= nowMs - GRACE_MS) : []
    assert.deepEqual((await manager.trimOpenConns()).closed.map(({ connId }) => connId), expected)
    for (const peer of forgets) model.peers.delete(peer.name)
    for (const peer of order) if (peer.conns.every(conn => conn.isClosed())) model.peers.delete(peer.name)
  } else {
    const peer = peerOf(each.name)
    if (each.op === 'connect') {
      const known = model.peer(each.name, nowMs)
      if (known.conns.length === 0) known.seenAtMs = nowMs
      known.conns.push(house.connect(peer, { ...each, addr: addrIn(each.group) }))
      clock.advance(1) // no two are of one age
    } else if (each.op === 'close') {
      const known = model.peers.get(each.name)
      const [conn] = known?.conns.splice(each.at % Math.max(1, known.conns.length), 1) ?? []
      await conn?.close()
      if (conn !== undefined && known?.conns.length === 0) model.peers.delete(each.name)
    } else if (each.op === 'tag') {
      manager.tagPeer(peer, each.tag, each.value)
      model.peer(each.name, nowMs).tags.set(each.tag, each.value)
    } else if (each.op === 'upsert') {
      manager.upsertTag(peer, each.tag, value => value + each.value)
      const { tags } = model.peer(each.name, nowMs)
      tags.set(each.tag, (tags.get(each.tag) ?? 0) + each.value)
    } else if (each.op === 'untag') {
      manager.untagPeer(peer, each.tag)
      model.peers.get(each.name)?.tags.delete(each.tag)
      model.settle(each.name)
    } else if (each.op === 'protect') {
      manager.protect(peer, each.tag)
      model.protections.set(each.name, (model.protections.get(each.name) ?? new Set()).add(each.tag))
    } else {
      const tags = model.protections.get(each.name)
      tags?.delete(each.tag)
      assert.equal(manager.unprotect(peer, each.tag), (tags?.size ?? 0) > 0)
    }
  }
}

describe('a random life', () => {
  it('goes as the rules say: tags, protections, the order of trims and what they close', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120 }), async steps => {
      await using house = new ConnHouse({ lowWater: LOW_WATER, highWater: 1_000, gracePeriodMs: GRACE_MS })
      const model = new Model()
      for (const each of steps) {
        await play(house, model, each)
        for (const letter of 'abcdefg') {
          const known = model.peers.get(letter)
          const info = house.manager.tagInfo(peerOf(letter))
          assert.deepEqual(info && { value: info.value, tags: info.tags, conns: [...info.conns.keys()] }, known && { value: model.value(known), tags: known.tags, conns: known.conns.map(({ id }) => id) })
          assert.equal(house.manager.isProtected(peerOf(letter)), (model.protections.get(letter)?.size ?? 0) > 0)
        }
        const candidates = house.manager.explain().filter(({ verdict, connIds }) => verdict !== 'spare' && connIds.length > 0)
        assert.deepEqual(candidates.map(({ peer }) => peer.toString()), model.order(house.clock.monotonicMs()).map(peer => peer.name))
      }
    }), { numRuns: 200 })
  })

  it('ends with nothing left when everybody has left', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 80 }), async steps => {
      await using house = new ConnHouse({ lowWater: LOW_WATER, highWater: 1_000, gracePeriodMs: GRACE_MS, tempPeerTtlMs: 1_000_000 })
      const model = new Model()
      for (const each of steps) await play(house, model, each)
      for (const conn of [...house.open.values()]) await conn.close()
      house.clock.advance(1_001_000)
      const { numConns, numPeers, numUntrustedInbound, numTempPeers, numProtectedInForce, numProtectedWaiting } = house.manager.info()
      assert.deepEqual({ numConns, numPeers, numUntrustedInbound, numTempPeers, numProtectedInForce, numProtectedWaiting }, { numConns: 0, numPeers: 0, numUntrustedInbound: 0, numTempPeers: 0, numProtectedInForce: 0, numProtectedWaiting: 0 })
      assert.deepEqual(house.manager.explain(), [])
      assert.equal(house.clock.pendingTimers, 0)
    }), { numRuns: 100 })
  })
})
