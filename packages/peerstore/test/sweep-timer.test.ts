import assert from 'node:assert/strict'
import { ManualClock } from '@weir/compliance'
import { sweepTimer } from '../src/sweep-timer.ts'

describe('sweepTimer', () => {
  it('comes back sooner when something was left over, and stops when disposed', () => {
    const clock = new ManualClock()
    const times: number[] = []
    const timer = sweepTimer({ clock, intervalMs: 100, pauseMs: 10, sweep: () => times.push(clock.monotonicMs()) === 1 })
    clock.advance(250)
    assert.deepEqual(times, [100, 110, 210])
    timer[Symbol.dispose]()
    timer[Symbol.dispose]()
    clock.advance(1000)
    assert.equal(times.length, 3)
    assert.equal(clock.pendingTimers, 0)
  })
})
