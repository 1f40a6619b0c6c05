import assert from 'node:assert/strict'
import { samplePeer } from '../sample-peer.ts'
import { type ConnManagerCase, enforcedCase } from './conn-house.ts'

const [alice, bob] = [samplePeer(1), samplePeer(2)]

/** Tags and protections. */
export const tagCases: readonly ConnManagerCase[] = [
  enforcedCase('a peer\'s value is the sum of its tags', ({ manager }) => {
    manager.tagPeer(alice, 'test:a', 5)
    manager.tagPeer(alice, 'test:b', -2)
    const info = manager.tagInfo(alice)
    assert.deepEqual([info?.value, [...info?.tags ?? []]], [3, [['test:a', 5], ['test:b', -2]]])
    assert.equal(manager.tagInfo(bob), undefined)
  }),
  enforcedCase('a tag replaces the one of its name', ({ manager }) => {
    manager.tagPeer(alice, 'test:a', 5)
    manager.tagPeer(alice, 'test:a', 7)
    assert.equal(manager.tagInfo(alice)?.value, 7)
    assert.equal(manager.tagInfo(alice)?.tags.size, 1)
  }),
  enforcedCase('a peer is known by its text, not by the value it comes as', ({ manager }) => {
    manager.tagPeer(alice, 'test:a', 5)
    assert.equal(manager.tagInfo({ type: 'another', toString: () => alice.toString() })?.value, 5)
  }),
  enforcedCase('untagPeer takes one tag, and no other', ({ manager }) => {
    manager.tagPeer(alice, 'test:a', 5)
    manager.tagPeer(alice, 'test:b', 1)
    manager.untagPeer(alice, 'test:a')
    manager.untagPeer(alice, 'test:never')
    manager.untagPeer(bob, 'test:b')
    assert.equal(manager.tagInfo(alice)?.value, 1)
    assert.deepEqual([...manager.tagInfo(alice)?.tags.keys() ?? []], ['test:b'])
  }),
  enforcedCase('upsertTag gets the old value, 0 when there was none, and sets the new', ({ manager }) => {
    const seen: number[] = []
    for (let i = 0; i < 3; i++) {
      manager.upsertTag(alice, 'test:a', value => {
        seen.push(value)
        return value + 10
      })
    }
    assert.deepEqual(seen, [0, 10, 20])
    assert.equal(manager.tagInfo(alice)?.value, 30)
  }),
  enforcedCase('an upsert that throws changes nothing', ({ manager }) => {
    manager.tagPeer(alice, 'test:a', 5)
    assert.throws(() => { manager.upsertTag(alice, 'test:a', () => { throw new Error('of the caller') }) }, /of the caller/)
    assert.equal(manager.tagInfo(alice)?.value, 5)
  }),
  enforcedCase('tagInfo is a snapshot: it does not change behind one\'s back', ({ manager }) => {
    manager.tagPeer(alice, 'test:a', 5)
    const info = manager.tagInfo(alice)
    manager.tagPeer(alice, 'test:b', 1)
    assert.deepEqual([info?.value, info?.tags.size], [5, 1])
  }),
  enforcedCase('tags of a peer that is not connected yet stay when it connects', house => {
    house.manager.tagPeer(alice, 'test:a', 5)
    house.connect(alice)
    assert.equal(house.manager.tagInfo(alice)?.value, 5)
  }),
  enforcedCase('tagInfo knows the connections and when they were opened, two from one address too', house => {
    const start = house.clock.wallMs()
    house.connect(alice)
    house.connect(alice)
    const info = house.manager.tagInfo(alice)
    assert.deepEqual([...info?.conns ?? []].sort(), [['c1', start], ['c2', start + 1_000]])
    assert.equal(info?.firstSeenMs, start)
  }),
  enforcedCase('a connection that is told twice is one', house => {
    const conn = house.connect(alice)
    house.tellConnected(conn)
    assert.equal(house.manager.tagInfo(alice)?.conns.size, 1)
  }),
  enforcedCase('a foreign end takes no connection away', house => {
    house.connect(alice)
    house.connect(bob)
    house.tellDisconnected({ ...house.connect(alice), id: 'foreign' })
    assert.equal(house.manager.tagInfo(alice)?.conns.size, 2)
  }),
  enforcedCase('the tags go with the last connection, the protections stay', async house => {
    const [first, second] = [house.connect(alice), house.connect(alice)]
    house.manager.tagPeer(alice, 'test:a', 5)
    house.manager.protect(alice, 'test')
    await first.close()
    assert.equal(house.manager.tagInfo(alice)?.value, 5)
    await second.close()
    assert.equal(house.manager.tagInfo(alice), undefined)
    assert.equal(house.manager.isProtected(alice), true)
    house.connect(alice)
    assert.equal(house.manager.tagInfo(alice)?.value, 0)
  }),
  enforcedCase('a peer is protected until every protection is taken back', ({ manager }) => {
    manager.protect(alice, 'a')
    manager.protect(alice, 'b')
    assert.deepEqual(['a', 'b', 'c', undefined].map(tag => manager.isProtected(alice, tag)), [true, true, false, true])
    assert.equal(manager.unprotect(alice, 'a'), true)
    assert.deepEqual(['a', 'b', undefined].map(tag => manager.isProtected(alice, tag)), [false, true, true])
    assert.equal(manager.unprotect(alice, 'never'), true, 'others remain')
    assert.equal(manager.unprotect(alice, 'b'), false)
    assert.equal(manager.isProtected(alice), false)
  }),
  enforcedCase('a protection given twice is taken back once', ({ manager }) => {
    manager.protect(alice, 'a')
    manager.protect(alice, 'a')
    assert.equal(manager.unprotect(alice, 'a'), false)
    assert.equal(manager.isProtected(alice), false)
  }),
  enforcedCase('protecting one peer protects no other', ({ manager }) => {
    manager.protect(alice, 'a')
    assert.equal(manager.isProtected(bob), false)
    assert.equal(manager.unprotect(bob, 'a'), false)
    assert.equal(manager.isProtected(alice, 'a'), true)
  })
]
