import assert from 'node:assert/strict'
import { bumpOverwrite, bumpSumBounded, bumpSumUnbounded, decayExpireWhenInactive, decayFixed, decayLinear, decayNone, DecayingTagClosedError } from '../src/index.ts'
import { ConnHouse, newPeer } from './conn-house.ts'

// The inventory of reference/go-libp2p.md 3.5, "decay_test". The name in front of each is that of Go's test.

const RESOLUTION_MS = 50

function decayingHouse (): ConnHouse {
  return new ConnHouse({ lowWater: 10, highWater: 10, gracePeriodMs: 1_000, decay: { resolutionMs: RESOLUTION_MS } })
}

describe('as in Go\'s decayer', () => {
  it('TestDecayExpire: a value goes when it was not bumped for its time, and no sooner (fault 10)', async () => {
    await using house = decayingHouse()
    const peer = newPeer()
    house.connect(peer)
    const tag = house.manager.registerDecayingTag('test:pop', { intervalMs: 250, decay: decayExpireWhenInactive(1_000), bump: bumpSumUnbounded() })
    tag.bump(peer, 10)
    assert.equal(house.manager.tagInfo(peer)?.value, 10)
    house.clock.advance(750)
    assert.equal(house.manager.tagInfo(peer)?.value, 10, 'Go\'s is 0 from the first tick on')
    tag.bump(peer, 1)
    house.clock.advance(750)
    assert.equal(house.manager.tagInfo(peer)?.value, 11, 'a bump begins its time anew')
    house.clock.advance(250)
    assert.deepEqual([house.manager.tagInfo(peer)?.value, house.manager.tagInfo(peer)?.tags.size], [0, 0], 'Go\'s stays as a value of 0')
  })

  it('TestMultipleBumps: bounded sums', async () => {
    await using house = decayingHouse()
    const peer = newPeer()
    const tag = house.manager.registerDecayingTag('test:pop', { intervalMs: 250, decay: decayExpireWhenInactive(60_000), bump: bumpSumBounded(10, 20) })
    tag.bump(peer, 5)
    assert.equal(house.manager.tagInfo(peer)?.value, 10)
    tag.bump(peer, 100)
    assert.equal(house.manager.tagInfo(peer)?.value, 20)
  })

  it('TestMultipleTagsNoDecay: three tags of one peer add up and stay', async () => {
    await using house = decayingHouse()
    const peer = newPeer()
    const init = { intervalMs: 250, decay: decayNone(), bump: bumpSumUnbounded() }
    const tags = ['test:beep', 'test:bop', 'test:foo'].map(name => house.manager.registerDecayingTag(name, init))
    for (const tag of tags) for (let n = 0; n < 10; n++) tag.bump(peer, 10)
    house.clock.advance(1_000)
    const info = house.manager.tagInfo(peer)
    assert.equal(info?.value, 300)
    assert.deepEqual(info.tags, new Map([['test:beep', 100], ['test:bop', 100], ['test:foo', 100]]))
  })

  it('TestCustomFunctions: each tag decays its own way', async () => {
    await using house = decayingHouse()
    const peer = newPeer()
    house.connect(peer)
    const register = (name: string, decay: ReturnType<typeof decayNone>) => house.manager.registerDecayingTag(name, { intervalMs: 250, decay, bump: bumpSumUnbounded() })
    const tags = [register('test:beep', decayFixed(10)), register('test:bop', decayFixed(3)), register('test:foo', ({ value }) => value === 999 ? undefined : value - 1)]
    for (const tag of tags) tag.bump(peer, 1_000)
    assert.equal(house.manager.tagInfo(peer)?.value, 3_000)
    house.clock.advance(250)
    assert.equal(house.manager.tagInfo(peer)?.value, 990 + 997 + 999)
    house.clock.advance(250)
    assert.equal(house.manager.tagInfo(peer)?.value, 980 + 994)
    assert.equal(house.manager.tagInfo(peer)?.tags.size, 2)
  })

  it('TestCustomFunctions: 3000, 2999, 2986, 2975, with intervals that differ', async () => {
    await using house = decayingHouse()
    const peer = newPeer()
    const register = (name: string, intervalMs: number, decay: ReturnType<typeof decayNone>) => house.manager.registerDecayingTag(name, { intervalMs, decay, bump: bumpSumUnbounded() })
    const tags = [register('test:foo', RESOLUTION_MS, decayFixed(1)), register('test:bar', 2 * RESOLUTION_MS, decayFixed(12)), register('test:baz', 3 * RESOLUTION_MS, decayFixed(10))]
    for (const tag of tags) tag.bump(peer, 1_000)
    const values = [house.manager.tagInfo(peer)?.value]
    for (let n = 0; n < 3; n++) {
      house.clock.advance(RESOLUTION_MS)
      values.push(house.manager.tagInfo(peer)?.value)
    }
    assert.deepEqual(values, [3_000, 2_999, 2_986, 2_975])
  })

  it('TestMultiplePeers: 2670, 1170 and 40 after three seconds', async () => {
    await using house = decayingHouse()
    const [a, b, c] = [newPeer(), newPeer(), newPeer()]
    const register = (name: string, intervalMs: number, minuend: number) => house.manager.registerDecayingTag(name, { intervalMs, decay: decayFixed(minuend), bump: bumpSumUnbounded() })
    const tags = [register('test:foo', 250, 10), register('test:bar', 500, 10), register('test:baz', 1_000, 50)]
    for (const tag of tags) {
      tag.bump(a, 1_000)
      tag.bump(b, 500)
    }
    const [, , baz] = tags
    baz?.bump(c, 190)
    house.clock.advance(3_000)
    assert.deepEqual([a, b, c].map(peer => house.manager.tagInfo(peer)?.value), [3_000 - 120 - 60 - 150, 1_500 - 120 - 60 - 150, 40])
  })

  it('TestLinearDecayOverwrite: 1000, 500, 250, and a bump of 1000 sets it anew', async () => {
    await using house = decayingHouse()
    const peer = newPeer()
    const tag = house.manager.registerDecayingTag('test:twitter', { intervalMs: 250, decay: decayLinear(0.5), bump: bumpOverwrite() })
    tag.bump(peer, 1_000)
    const values = [house.manager.tagInfo(peer)?.value]
    for (let n = 0; n < 2; n++) {
      house.clock.advance(250)
      values.push(house.manager.tagInfo(peer)?.value)
    }
    tag.bump(peer, 1_000)
    assert.deepEqual([...values, house.manager.tagInfo(peer)?.value], [1_000, 500, 250, 1_000])
  })

  it('TestResolutionMisaligned: intervals of 1.4 and 2.4 resolutions take turns', async () => {
    await using house = decayingHouse()
    const peer = newPeer()
    const init = { decay: decayFixed(1), bump: bumpOverwrite() }
    const tags = [house.manager.registerDecayingTag('test:a', { ...init, intervalMs: 1.4 * RESOLUTION_MS }), house.manager.registerDecayingTag('test:b', { ...init, intervalMs: 2.4 * RESOLUTION_MS })]
    for (const tag of tags) tag.bump(peer, 1_000)
    const values: unknown[] = []
    for (let n = 0; n < 5; n++) {
      house.clock.advance(RESOLUTION_MS)
      values.push(house.manager.tagInfo(peer)?.value)
    }
    // Due at 1.4, 2.8, 4.2 and at 2.4, 4.8 resolutions.
    assert.deepEqual(values, [2_000, 1_999, 1_997, 1_997, 1_995])
  })

  it('TestTagRemoval: from one peer, and again, and never from another', async () => {
    await using house = decayingHouse()
    const [a, b] = [newPeer(), newPeer()]
    const init = { intervalMs: 250, decay: decayFixed(1), bump: bumpOverwrite() }
    const [first, second] = [house.manager.registerDecayingTag('test:a', init), house.manager.registerDecayingTag('test:b', init)]
    for (const peer of [a, b]) for (const tag of [first, second]) tag.bump(peer, 1_000)
    first.remove(a)
    first.remove(a)
    first.remove(newPeer())
    assert.deepEqual([a, b].map(peer => house.manager.tagInfo(peer)?.value), [1_000, 2_000])
    second.remove(a)
    assert.equal(house.manager.tagInfo(a), undefined)
    house.clock.advance(250)
    assert.equal(house.manager.tagInfo(b)?.value, 1_998)
  })

  it('TestTagClosure: the value drops, a second close is harmless, later bumps throw', async () => {
    await using house = decayingHouse()
    const peer = newPeer()
    const init = { intervalMs: 250, decay: decayFixed(1), bump: bumpOverwrite() }
    const [first, second] = [house.manager.registerDecayingTag('test:a', init), house.manager.registerDecayingTag('test:b', init)]
    for (const tag of [first, second]) tag.bump(peer, 1_000)
    first.close()
    assert.deepEqual(house.manager.tagInfo(peer)?.tags, new Map([['test:b', 1_000]]))
    assert.equal(house.manager.tagInfo(peer)?.value, 1_000)
    first.close()
    assert.throws(() => { first.bump(peer, 1) }, (error: unknown) => DecayingTagClosedError.is(error) && error.tag === 'test:a' && /had been closed/.test(error.message))
    assert.throws(() => { first.remove(peer) }, { code: 'DECAYING_TAG_CLOSED' })
    second[Symbol.dispose]()
    assert.equal(house.manager.tagInfo(peer), undefined)
    house.manager.registerDecayingTag('test:a', init).bump(peer, 5)
    assert.equal(house.manager.tagInfo(peer)?.value, 5, 'the name is free again')
  })
})
