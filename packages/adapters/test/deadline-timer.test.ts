import assert from 'node:assert/strict'
import { DeadlineTimer } from '../src/deadline-timer.ts'
import { HandClock } from './hand-clock.ts'

describe('DeadlineTimer', () => {
  it('expires each at its moment, on one timer', async () => {
    const clock = new HandClock()
    const timer = new DeadlineTimer(clock)
    const start = clock.monotonicMs()
    const expired: number[] = []
    for (const ms of [300, 100, 200, 200]) timer.add({ atMs: start + ms, expire: () => { expired.push(ms) } })
    assert.equal(clock.armed, 1)
    await clock.turn(99)
    assert.deepEqual(expired, [])
    await clock.turn(1)
    assert.deepEqual(expired, [100])
    await clock.turn(200)
    assert.deepEqual(expired, [100, 200, 200, 300])
    assert.equal(clock.armed, 0)
    assert.equal(timer.size, 0)
  })

  it('is armed only while something waits', () => {
    const clock = new HandClock()
    const timer = new DeadlineTimer(clock)
    const deadline = { atMs: clock.monotonicMs() + 50, expire () {} }
    assert.equal(clock.armed, 0)
    timer.add(deadline)
    timer.add({ atMs: Infinity, expire () {} })
    assert.equal(clock.armed, 1)
    timer.delete(deadline)
    assert.equal(clock.armed, 0)
  })

  it('does not expire what an earlier one has taken out', async () => {
    const clock = new HandClock()
    const timer = new DeadlineTimer(clock)
    const expired: string[] = []
    const second = { atMs: 1_050, expire: () => { expired.push('second') } }
    timer.add({ atMs: 1_050, expire: () => { expired.push('first'); timer.delete(second) } })
    timer.add(second)
    await clock.turn(100)
    assert.deepEqual(expired, ['first'])
    assert.equal(clock.armed, 0)
  })

  it('takes new ones while it expires', async () => {
    const clock = new HandClock()
    const timer = new DeadlineTimer(clock)
    const expired: number[] = []
    timer.add({ atMs: 1_010, expire: () => { expired.push(1); timer.add({ atMs: 1_020, expire: () => { expired.push(2) } }) } })
    await clock.turn(50)
    assert.deepEqual(expired, [1, 2])
    assert.equal(clock.armed, 0)
  })
})
