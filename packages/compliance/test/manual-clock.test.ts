import assert from 'node:assert/strict'
import fc from 'fast-check'
import { assertNoTimers, COMPLIANCE_DEFAULTS, ManualClock } from '../src/index.ts'

describe('ManualClock', () => {
  it('stands still by itself', () => {
    const clock = new ManualClock()
    assert.equal(clock.monotonicMs(), 0)
    assert.equal(clock.wallMs(), COMPLIANCE_DEFAULTS.wallStartMs)
  })

  it('starts where it is told', () => {
    const clock = new ManualClock({ monotonicMs: 5, wallMs: 7 })
    assert.equal(clock.monotonicMs(), 5)
    assert.equal(clock.wallMs(), 7)
  })

  it('runs timers when they are due, each at its own time', () => {
    const clock = new ManualClock()
    const seen: [string, number][] = []
    clock.setTimeout(() => { seen.push(['b', clock.monotonicMs()]) }, 20)
    clock.setTimeout(() => { seen.push(['a', clock.monotonicMs()]) }, 10)
    clock.setTimeout(() => { seen.push(['later', clock.monotonicMs()]) }, 31)
    clock.advance(30)
    assert.deepEqual(seen, [['a', 10], ['b', 20]])
    assert.equal(clock.monotonicMs(), 30)
    assert.equal(clock.wallMs(), COMPLIANCE_DEFAULTS.wallStartMs + 30)
    assert.equal(clock.pendingTimers, 1)
  })

  it('runs a timer once, and one that is disposed not at all', () => {
    const clock = new ManualClock()
    let runs = 0
    clock.setTimeout(() => { runs++ }, 1)
    const disposed = clock.setTimeout(() => { runs += 100 }, 1)
    disposed[Symbol.dispose]()
    disposed[Symbol.dispose]()
    clock.advance(1)
    clock.advance(1)
    assert.equal(runs, 1)
    assertNoTimers(clock)
  })

  it('runs what is set on the way, when it is due within the step', () => {
    const clock = new ManualClock()
    const seen: number[] = []
    const again = (): void => {
      seen.push(clock.monotonicMs())
      clock.setTimeout(again, 10)
    }
    clock.setTimeout(again, 10)
    clock.advance(35)
    assert.deepEqual(seen, [10, 20, 30])
    assert.equal(clock.pendingTimers, 1)
  })

  it('lets promises settle between timers', async () => {
    const clock = new ManualClock()
    const seen: number[] = []
    const sleep = (ms: number): Promise<void> => new Promise(resolve => { clock.setTimeout(resolve, ms) })
    const work = (async () => {
      for (let i = 0; i < 3; i++) {
        await sleep(10)
        seen.push(clock.monotonicMs())
      }
    })()
    await clock.advanceAsync(30)
    assert.deepEqual(seen, [10, 20, 30])
    await work
    assertNoTimers(clock)
  })

  it('jumps the wall clock alone', () => {
    const clock = new ManualClock({ wallMs: 1_000 })
    clock.setTimeout(() => { assert.fail('no time has passed') }, 1)
    clock.jumpWall(-500)
    assert.equal(clock.wallMs(), 500)
    assert.equal(clock.monotonicMs(), 0)
  })

  it('hands on what a timer throws, and keeps the timers behind it', () => {
    const clock = new ManualClock()
    let ran = false
    clock.setTimeout(() => { throw new Error('from the timer') }, 1)
    clock.setTimeout(() => { ran = true }, 2)
    assert.throws(() => { clock.advance(5) }, /from the timer/)
    assert.equal(clock.monotonicMs(), 1)
    clock.advance(1)
    assert.equal(ran, true)
  })

  it('ends a timer that renews itself without delay', () => {
    const clock = new ManualClock()
    const again = (): void => { clock.setTimeout(again, 0) }
    again()
    assert.throws(() => { clock.advance(0) }, /renews itself/)
  })

  it('refuses numbers that are none', () => {
    const clock = new ManualClock()
    for (const ms of [Number.NaN, Infinity, -1]) assert.throws(() => { clock.advance(ms) }, RangeError)
    assert.throws(() => clock.setTimeout(() => {}, Number.NaN), RangeError)
    assert.throws(() => clock.setTimeout(undefined as never, 1), TypeError)
    assert.throws(() => { clock.jumpWall(Number.NaN) }, RangeError)
    assert.throws(() => new ManualClock({ wallMs: Number.NaN }), RangeError)
  })

  it('says how many timers are left', () => {
    const clock = new ManualClock()
    clock.setTimeout(() => {}, 1)
    assert.throws(() => { assertNoTimers(clock) }, /timers left: 1/)
  })

  it('runs timers in the order of their time, those of the same time as they were set', () => {
    fc.assert(fc.property(fc.array(fc.nat(20), { maxLength: 30 }), fc.array(fc.nat(7), { minLength: 1, maxLength: 20 }), (delays, steps) => {
      const clock = new ManualClock()
      const seen: { due: number, at: number, order: number }[] = []
      for (const [order, due] of delays.entries()) clock.setTimeout(() => { seen.push({ due, at: clock.monotonicMs(), order }) }, due)
      for (const step of steps) clock.advance(step)
      const end = clock.monotonicMs()
      assert.equal(seen.length, delays.filter(due => due <= end).length)
      assert.equal(clock.pendingTimers, delays.length - seen.length)
      assert.deepEqual(seen, seen.toSorted((a, b) => a.due - b.due || a.order - b.order))
      for (const { due, at } of seen) assert.equal(at, due)
    }))
  })
})
