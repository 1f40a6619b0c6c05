import assert from 'node:assert/strict'
import { ManualClock } from '@weir/compliance'
import { sweepTimer } from '../src/sweep-timer.ts'

describe('sweepTimer', () => {
  it('runs while there is something to sweep, sooner while something is due', () => {
    const clock = new ManualClock()
    const times: number[] = []
    const answers = ['due', 'later', 'done', 'done'] as const
    const timer = sweepTimer({ clock, intervalMs: 100, pauseMs: 10, sweep: () => answers[times.push(clock.monotonicMs()) - 1] ?? 'later' })
    clock.advance(1000)
    assert.deepEqual(times, [])
    timer.arm()
    timer.arm()
    assert.equal(clock.pendingTimers, 1)
    clock.advance(1000)
    assert.deepEqual(times, [1100, 1110, 1210])
    assert.equal(clock.pendingTimers, 0)
    timer.arm()
    clock.advance(100)
    assert.deepEqual(times.slice(3), [2100])
  })

  it('is over when it is disposed', () => {
    const clock = new ManualClock()
    const timer = sweepTimer({ clock, intervalMs: 100, pauseMs: 10, sweep: () => 'later' })
    timer.arm()
    clock.advance(250)
    timer[Symbol.dispose]()
    timer[Symbol.dispose]()
    timer.arm()
    assert.equal(clock.pendingTimers, 0)
    const never = sweepTimer({ clock, intervalMs: 100, pauseMs: 10, sweep: () => 'later' })
    never[Symbol.dispose]()
    never.arm()
    assert.equal(clock.pendingTimers, 0)
  })
})
