import assert from 'node:assert/strict'
import { bumpSumUnbounded, decayNone } from '../src/index.ts'
import { ConnHouse, newPeer, peerOf } from './conn-house.ts'

describe('tags', () => {
  it('are named module:tag', async () => {
    await using house = new ConnHouse()
    for (const tag of ['tag', ':tag', 'module:', '', ':']) {
      assert.throws(() => { house.manager.tagPeer(newPeer(), tag, 1) }, TypeError)
      assert.throws(() => { house.manager.upsertTag(newPeer(), tag, () => 1) }, TypeError)
      assert.throws(() => { house.manager.registerDecayingTag(tag, { intervalMs: 1, decay: decayNone(), bump: bumpSumUnbounded() }) }, TypeError)
      house.manager.untagPeer(newPeer(), tag)
    }
    assert.equal(house.manager.info().numTempPeers, 0)
  })

  it('are whole numbers: sums of others would drift', async () => {
    await using house = new ConnHouse()
    for (const value of [NaN, 0.5, Infinity, 2 ** 40 + 1, -(2 ** 40) - 1]) {
      assert.throws(() => { house.manager.tagPeer(newPeer(), 'test:a', value) }, RangeError)
      assert.throws(() => { house.manager.upsertTag(newPeer(), 'test:a', () => value) }, RangeError)
    }
    assert.equal(house.manager.info().numTempPeers, 0)
  })

  it('of one peer are bounded: further ones are not taken, those that are there can be changed', async () => {
    await using house = new ConnHouse({ maxTagsPerPeer: 3 })
    const peer = newPeer()
    const tag = house.manager.registerDecayingTag('test:d', { intervalMs: 1, decay: decayNone(), bump: bumpSumUnbounded() })
    const other = house.manager.registerDecayingTag('test:e', { intervalMs: 1, decay: decayNone(), bump: bumpSumUnbounded() })
    house.manager.tagPeer(peer, 'test:a', 1)
    house.manager.tagPeer(peer, 'test:b', 1)
    tag.bump(peer, 1)
    house.manager.tagPeer(peer, 'test:c', 100)
    house.manager.upsertTag(peer, 'test:c', () => 100)
    other.bump(peer, 100)
    assert.deepEqual([house.manager.tagInfo(peer)?.value, house.manager.info().numIgnoredTags], [3, 3])
    house.manager.tagPeer(peer, 'test:a', 10)
    tag.bump(peer, 10)
    assert.equal(house.manager.tagInfo(peer)?.value, 22)
    house.manager.untagPeer(peer, 'test:a')
    house.manager.tagPeer(peer, 'test:c', 100)
    assert.equal(house.manager.tagInfo(peer)?.value, 112)
  })

  it('may be given by a function that calls back', async () => {
    await using house = new ConnHouse()
    const peer = newPeer()
    house.manager.upsertTag(peer, 'test:a', value => {
      house.manager.tagPeer(peer, 'test:b', 5)
      return value + 1
    })
    assert.deepEqual([house.manager.tagInfo(peer)?.value, house.manager.info().numTempPeers], [6, 1])
  })
})

describe('temporary entries', () => {
  it('go after their time, though no trim ever runs (fault 12)', async () => {
    await using house = new ConnHouse({ tempPeerTtlMs: 60_000 })
    for (let n = 0; n < 1_200; n++) house.manager.tagPeer(newPeer(), 'test:a', 1)
    house.clock.advance(59_999)
    assert.equal(house.manager.info().numTempPeers, 1_200)
    house.clock.advance(1)
    assert.equal(house.manager.info().numTempPeers, 0)
    assert.equal(house.clock.pendingTimers, 0, 'no timer while there is none')
    house.manager.tagPeer(newPeer(), 'test:a', 1)
    house.clock.advance(60_000)
    assert.equal(house.manager.info().numTempPeers, 0, 'and again')
  })

  it('have their time from the last tag on', async () => {
    await using house = new ConnHouse({ tempPeerTtlMs: 60_000 })
    house.manager.tagPeer(peerOf('a'), 'test:a', 1)
    house.manager.tagPeer(peerOf('b'), 'test:a', 1)
    house.clock.advance(40_000)
    house.manager.tagPeer(peerOf('a'), 'test:a', 2)
    house.clock.advance(40_000)
    assert.deepEqual(['a', 'b'].map(name => house.manager.tagInfo(peerOf(name))?.value), [2, undefined])
    house.clock.advance(20_000)
    assert.equal(house.manager.tagInfo(peerOf('a')), undefined)
  })

  it('are over for who reads them, before the sweep has come to them', async () => {
    await using house = new ConnHouse({ tempPeerTtlMs: 500 })
    house.manager.tagPeer(peerOf('a'), 'test:a', 1)
    house.clock.advance(500)
    assert.equal(house.manager.tagInfo(peerOf('a')), undefined)
    house.manager.upsertTag(peerOf('a'), 'test:a', value => value + 7)
    assert.equal(house.manager.tagInfo(peerOf('a'))?.value, 7)
  })

  it('are bounded: who was tagged longest ago is forgotten', async () => {
    await using house = new ConnHouse({ maxTempPeers: 3 })
    for (const name of ['a', 'b', 'c', 'a', 'd']) house.manager.upsertTag(peerOf(name), 'test:a', value => value + 1)
    assert.deepEqual(['a', 'b', 'c', 'd'].map(name => house.manager.tagInfo(peerOf(name))?.value), [2, undefined, 1, 1])
    assert.deepEqual([house.manager.info().numTempPeers, house.manager.info().numEvictedTempPeers], [3, 1])
  })

  it('never cost a connected peer its tags', async () => {
    await using house = new ConnHouse({ maxTempPeers: 1, tempPeerTtlMs: 1_000 })
    house.connect(peerOf('a'))
    house.manager.tagPeer(peerOf('a'), 'test:a', 1)
    for (let n = 0; n < 10; n++) house.manager.tagPeer(newPeer(), 'test:a', 1)
    house.clock.advance(10_000)
    assert.deepEqual([house.manager.tagInfo(peerOf('a'))?.value, house.manager.info().numTempPeers], [1, 0])
  })

  it('go with their last tag, the decaying ones included', async () => {
    await using house = new ConnHouse()
    house.manager.tagPeer(peerOf('a'), 'test:a', 1)
    const tag = house.manager.registerDecayingTag('test:d', { intervalMs: 60_000, decay: decayNone(), bump: bumpSumUnbounded() })
    tag.bump(peerOf('a'), 2)
    house.manager.untagPeer(peerOf('a'), 'test:a')
    assert.equal(house.manager.tagInfo(peerOf('a'))?.value, 2)
    tag.remove(peerOf('a'))
    assert.equal(house.manager.info().numTempPeers, 0)
  })

  it('keep no timer with a time without end, and stay', async () => {
    await using house = new ConnHouse({ tempPeerTtlMs: Infinity })
    house.manager.tagPeer(peerOf('a'), 'test:a', 1)
    assert.equal(house.clock.pendingTimers, 0)
    house.clock.advance(1e9)
    assert.equal(house.manager.tagInfo(peerOf('a'))?.value, 1)
  })
})
