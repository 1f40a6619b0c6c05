import assert from 'node:assert/strict'
import type { Clock } from '@weir/network'
import { ManualClock } from '@weir/compliance'
import { loopLag } from '../src/index.ts'

/** A clock whose timers come as late as a test says. */
function lateClock (): { clock: Clock, run: (latenessMs: number) => void, pending: () => number } {
  let nowMs = 0
  let timer: { callback: () => void, dueMs: number } | undefined
  return {
    clock: {
      monotonicMs: () => nowMs,
      wallMs: () => nowMs,
      setTimeout (callback, delayMs) {
        timer = { callback, dueMs: nowMs + delayMs }
        return { [Symbol.dispose] () { timer = undefined } }
      }
    },
    run (latenessMs) {
      const due = timer
      timer = undefined
      nowMs = (due?.dueMs ?? nowMs) + latenessMs
      due?.callback()
    },
    pending: () => timer === undefined ? 0 : 1
  }
}

describe('loopLag', () => {
  it('is normal, elevated and critical by how late several timers in a row are', () => {
    const { clock, run, pending } = lateClock()
    const signal = loopLag({ clock })
    const after = (...latenesses: number[]): string => {
      for (const lateness of latenesses) run(lateness)
      return signal.level
    }
    assert.equal(after(-0.5, -0.5, -0.5), 'normal')
    assert.equal(signal.value, 0, 'the runtime may be a little early')
    assert.equal(after(0, 1, 2, 3), 'normal')
    assert.equal(after(250, 250), 'normal')
    assert.equal(after(300), 'elevated')
    assert.equal(signal.value, 250)
    assert.equal(after(1_000, 1_200, 1_100), 'critical')
    assert.equal(after(600, 700), 'critical')
    assert.equal(after(400), 'elevated')
    assert.equal(after(50), 'normal')
    signal[Symbol.dispose]()
    assert.equal(pending(), 0)
  })

  it('a pause of the garbage collector or one long task now and then raises no alarm', () => {
    const { clock, run } = lateClock()
    using signal = loopLag({ clock })
    for (let i = 0; i < 50; i++) {
      for (const lateness of [0, 5_000, 2_000, 1]) {
        run(lateness)
        assert.equal(signal.level, 'normal')
      }
    }
  })

  it('measures the real loop while nothing is wrong', async () => {
    using signal = loopLag({ intervalMs: 1, elevated: 60_000, critical: 60_000 }) // however busy the machine is that this runs on
    while (signal.value === 0) {
      const endMs = performance.now() + 5
      while (performance.now() < endMs);
      await new Promise(resolve => { setTimeout(resolve, 1) })
    }
    assert(signal.value > 0 && signal.value < 60_000)
    assert.equal(signal.level, 'normal')
  })

  it('refuses options that are none, and sets no timer then', () => {
    const clock = new ManualClock()
    assert.throws(() => loopLag({ clock, lag: 1 } as object), TypeError)
    assert.throws(() => loopLag({ clock, elevated: -1 }), RangeError)
    assert.equal(clock.pendingTimers, 0)
  })
})
