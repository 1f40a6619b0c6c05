import assert from 'node:assert/strict'
import fc from 'fast-check'
import { ReceiveWindow } from '../src/receive-window.ts'

const INITIAL = 262_144
const MAX = 16 << 20
const yes = (): boolean => true

describe('ReceiveWindow', () => {
  it('grants what was read, once half of the window was', () => {
    const window = new ReceiveWindow(0)
    window.take(200_000)
    assert.equal(window.read(131_071), false)
    assert.equal(window.read(1), true)
    assert.equal(window.grant(10, 0, MAX, yes), 131_072)
    assert.equal(window.leftBytes, INITIAL - 200_000 + 131_072)
    assert.equal(window.grantDue, false)
  })

  it('doubles when half of it was used within four round trips, up to the most', () => {
    const window = new ReceiveWindow(0)
    const sizes: number[] = []
    for (let now = 5; sizes.length < 9; now += 5) {
      window.take(window.sizeBytes / 2)
      window.read(window.sizeBytes / 2)
      window.grant(now, 2, MAX, yes)
      sizes.push(window.sizeBytes)
    }
    assert.deepEqual(sizes, [1, 2, 3, 4, 5, 6, 6, 6, 6].map(n => INITIAL * 2 ** n))
  })

  it('stays as it is for a slow reader, without a round-trip time, and when it is refused', () => {
    for (const [nowMs, rttMs, answer] of [[8, 2, true], [1, 0, true], [1, 2, false]] as const) {
      const window = new ReceiveWindow(0)
      window.take(INITIAL)
      window.read(INITIAL)
      assert.equal(window.grant(nowMs, rttMs, MAX, () => answer), INITIAL)
      assert.equal(window.sizeBytes, INITIAL)
    }
  })

  it('asks for what it grows by, and for no more than the most allows', () => {
    const asked: number[] = []
    const window = new ReceiveWindow(0)
    window.take(INITIAL)
    window.read(INITIAL)
    window.grant(1, 2, 300_000, bytes => asked.push(bytes) > 0)
    assert.deepEqual([asked, window.sizeBytes], [[300_000 - INITIAL], 300_000])
  })

  it('never promises more than its size', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), { maxLength: 60 }), steps => {
      const window = new ReceiveWindow(0)
      let held = 0
      steps.forEach(([take, read, grows], now) => {
        const taken = Math.floor(take * window.leftBytes)
        window.take(taken)
        held += taken
        const gone = Math.floor(read * held)
        held -= gone
        if (window.read(gone)) window.grant(now, 1, MAX, () => grows)
        assert(window.leftBytes + held <= window.sizeBytes)
        assert(window.leftBytes >= 0)
      })
    }))
  })
})
