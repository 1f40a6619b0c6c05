import assert from 'node:assert/strict'
import { bumpOverwrite, bumpSumBounded, bumpSumUnbounded, type ConnManagerInit, decayFixed, decayNone, type DecayingTagInit, DecayingTagExistsError, TooManyDecayingTagsError } from '../src/index.ts'
import { ConnHouse, newPeer, peerOf } from './conn-house.ts'

const INIT: DecayingTagInit = { intervalMs: 100, decay: decayFixed(1), bump: bumpOverwrite() }

function decayingHouse (init: ConnManagerInit = {}): ConnHouse {
  return new ConnHouse({ decay: { resolutionMs: 100, valuesPerTurn: 10 }, ...init })
}

describe('decaying tags', () => {
  it('have names of their own, until they are closed', async () => {
    await using house = decayingHouse()
    const tag = house.manager.registerDecayingTag('test:a', INIT)
    assert.throws(() => house.manager.registerDecayingTag('test:a', INIT), (error: unknown) => DecayingTagExistsError.is(error) && error.tag === 'test:a' && /already exists/.test(error.message))
    tag.close()
    house.manager.registerDecayingTag('test:a', INIT)
    assert.equal(house.manager.info().numDecayingTags, 1)
  })

  it('are bounded', async () => {
    await using house = decayingHouse({ maxDecayingTags: 1 })
    house.manager.registerDecayingTag('test:a', INIT)
    assert.throws(() => house.manager.registerDecayingTag('test:b', INIT), (error: unknown) => TooManyDecayingTagsError.is(error) && error.limit === 1)
  })

  it('need an interval, which is raised to the resolution', async () => {
    await using house = decayingHouse()
    for (const intervalMs of [0, -1, NaN, Infinity]) assert.throws(() => house.manager.registerDecayingTag('test:a', { ...INIT, intervalMs }), RangeError)
    assert.equal(house.manager.registerDecayingTag('test:a', { ...INIT, intervalMs: 1 }).intervalMs, 100)
    assert.equal(house.manager.registerDecayingTag('test:b', { ...INIT, intervalMs: 150 }).intervalMs, 150)
  })

  it('visit so many values in a turn, and each once in a pass', async () => {
    await using house = decayingHouse()
    const visits = new Map<string, number>()
    const tag = house.manager.registerDecayingTag('test:a', {
      ...INIT,
      decay: ({ peer, value }) => {
        visits.set(peer.toString(), (visits.get(peer.toString()) ?? 0) + 1)
        if (visits.size === 5) for (let n = 0; n < 3; n++) tag.bump(newPeer(), 9) // who comes meanwhile has its turn next time
        return value - 1
      }
    })
    for (let n = 0; n < 35; n++) tag.bump(peerOf(`peer ${n}`), 5)
    const turns: number[] = []
    house.clock.setTimeout(() => { for (let n = 0; n < 3; n++) house.clock.setTimeout(() => { turns.push(visits.size) }, 0) }, 100)
    house.clock.advance(100)
    assert.equal(visits.size, 35)
    assert([...visits.values()].every(count => count === 1))
    assert(turns.some(count => count < 35), `not all in one turn: ${turns}`)
    house.clock.advance(100)
    assert.equal(visits.size, 38)
  })

  it('are closed in turns as well', async () => {
    await using house = decayingHouse()
    const tag = house.manager.registerDecayingTag('test:a', INIT)
    for (let n = 0; n < 35; n++) tag.bump(newPeer(), 5)
    tag.close()
    assert.equal(house.manager.info().numTempPeers, 25)
    house.clock.advance(0)
    assert.equal(house.manager.info().numTempPeers, 0)
  })

  it('are closed at once after the manager is', async () => {
    await using house = decayingHouse()
    const tag = house.manager.registerDecayingTag('test:a', INIT)
    for (let n = 0; n < 35; n++) tag.bump(newPeer(), 5)
    await house.manager.close()
    tag.bump(peerOf('a'), 1)
    assert.equal(house.manager.tagInfo(peerOf('a'))?.value, 1)
    tag.close()
    assert.equal(house.manager.info().numTempPeers, 0)
    house.manager.registerDecayingTag('test:b', INIT)
  })

  it('lose a value whose function throws or gives no whole number, and say so', async () => {
    const errors: unknown[] = []
    await using house = decayingHouse({ onError: error => { errors.push(error) } })
    house.connect(peerOf('a'))
    const fault = new Error('of a user')
    const bad = [() => { throw fault }, () => NaN, () => 0.5]
    for (const [n, decay] of bad.entries()) house.manager.registerDecayingTag(`test:${n}`, { ...INIT, decay }).bump(peerOf('a'), 5)
    house.clock.advance(100)
    assert.equal(house.manager.tagInfo(peerOf('a'))?.value, 0)
    assert.equal(errors[0], fault)
    assert(errors[1] instanceof RangeError && errors[2] instanceof RangeError)
  })

  it('throw what a bump throws, and change nothing then', async () => {
    await using house = decayingHouse()
    const tag = house.manager.registerDecayingTag('test:a', { ...INIT, bump: (_value, delta) => { if (delta === 0) throw new Error('of a user'); return delta } })
    assert.throws(() => { tag.bump(peerOf('a'), 0) }, /of a user/)
    assert.throws(() => { tag.bump(peerOf('a'), NaN) }, RangeError)
    assert.equal(house.manager.tagInfo(peerOf('a')), undefined)
    tag.bump(peerOf('a'), 3)
    assert.throws(() => { tag.bump(peerOf('a'), 0) }, /of a user/)
    assert.equal(house.manager.tagInfo(peerOf('a'))?.value, 3)
  })

  it('stay exact: values are clamped where sums would not be', async () => {
    await using house = decayingHouse()
    const tag = house.manager.registerDecayingTag('test:a', { ...INIT, bump: bumpSumUnbounded() })
    tag.bump(peerOf('a'), Number.MAX_SAFE_INTEGER)
    assert.equal(house.manager.tagInfo(peerOf('a'))?.value, 2 ** 40)
  })

  it('may be changed by their own functions', async () => {
    await using house = decayingHouse()
    const [a, b] = [peerOf('a'), peerOf('b')]
    const tag = house.manager.registerDecayingTag('test:a', {
      ...INIT,
      decay: ({ peer, value }) => {
        if (peer.toString() === 'a') tag.remove(peer)
        return value - 1
      },
      bump: ({ value }, delta) => {
        if (delta === 7) tag.bump(b, 1)
        if (delta === 8) tag.close()
        return value + delta
      }
    })
    house.connect(a)
    tag.bump(a, 5)
    tag.bump(b, 7)
    assert.equal(house.manager.tagInfo(b)?.value, 7)
    house.clock.advance(100)
    assert.deepEqual([house.manager.tagInfo(a)?.value, house.manager.tagInfo(b)?.value], [0, 6])
    assert.throws(() => { tag.bump(a, 8) }, { code: 'DECAYING_TAG_CLOSED' })
    assert.equal(house.manager.tagInfo(a)?.value, 0)
  })

  it('go with a peer that leaves', async () => {
    await using house = decayingHouse()
    const tag = house.manager.registerDecayingTag('test:a', INIT)
    const conn = house.connect(peerOf('a'))
    tag.bump(peerOf('a'), 5)
    await conn.close()
    house.clock.advance(500)
    house.connect(peerOf('a'))
    assert.equal(house.manager.tagInfo(peerOf('a'))?.value, 0)
    tag.bump(peerOf('a'), 3)
    assert.equal(house.manager.tagInfo(peerOf('a'))?.value, 3)
  })

  it('add to a tag of the same name', async () => {
    await using house = decayingHouse()
    house.manager.tagPeer(peerOf('a'), 'test:a', 1)
    house.manager.registerDecayingTag('test:a', INIT).bump(peerOf('a'), 5)
    assert.deepEqual([house.manager.tagInfo(peerOf('a'))?.value, house.manager.tagInfo(peerOf('a'))?.tags.get('test:a')], [6, 6])
  })

  it('make up for nothing after the process slept', async () => {
    await using house = decayingHouse()
    const nowMs = house.clock.monotonicMs.bind(house.clock)
    let sleptMs = 0
    Object.assign(house.clock, { monotonicMs: () => nowMs() + sleptMs })
    const tag = house.manager.registerDecayingTag('test:a', INIT)
    tag.bump(peerOf('a'), 100)
    sleptMs = 5_000
    house.clock.advance(100)
    assert.equal(house.manager.tagInfo(peerOf('a'))?.value, 99)
    house.clock.advance(300)
    assert.equal(house.manager.tagInfo(peerOf('a'))?.value, 96)
  })

  it('need no timer when there are none', async () => {
    await using house = decayingHouse()
    assert.equal(house.clock.pendingTimers, 0)
    house.manager.registerDecayingTag('test:a', INIT).close()
    house.clock.advance(100)
    assert.equal(house.clock.pendingTimers, 0)
  })

  it('have bounds that make sense', () => {
    assert.throws(() => bumpSumBounded(2, 1), RangeError)
    assert.equal(decayNone()({ tag: 'test:a', peer: peerOf('a'), addedMs: 0, lastVisitMs: 0, lastBumpMs: 0, value: 4 }, 0), 4)
  })
})
