import assert from 'node:assert/strict'
import type { Clock } from '@weir/network'
import { closeInTime } from '../src/close-in-time.ts'
import { CLI_DEFAULTS } from '../src/defaults.ts'

/** A clock with one timer, turned by hand. */
class OneTimer implements Clock {
  pending: { callback: () => void, delayMs: number } | undefined

  monotonicMs (): number {
    return 0
  }

  wallMs (): number {
    return 0
  }

  setTimeout (callback: () => void, delayMs: number): Disposable {
    this.pending = { callback, delayMs }
    return { [Symbol.dispose]: () => { this.pending = undefined } }
  }
}

describe('closeInTime', () => {
  it('waits for the close and leaves no timer', async () => {
    const clock = new OneTimer()
    await closeInTime({ close: async () => {} }, clock)
    assert.equal(clock.pending, undefined)
  })

  it('gives up on a close that does not end', async () => {
    const clock = new OneTimer()
    const closing = closeInTime({ close: () => new Promise(() => {}) }, clock)
    assert.equal(clock.pending?.delayMs, CLI_DEFAULTS.closeTimeoutMs)
    clock.pending?.callback()
    await assert.rejects(closing, { code: 'CLOSE_TIMEOUT', afterMs: CLI_DEFAULTS.closeTimeoutMs })
    assert.equal(clock.pending, undefined)
  })

  it('passes on what the close throws', async () => {
    await assert.rejects(closeInTime({ close: async () => { throw new Error('no') } }, new OneTimer()), /no/)
  })

  it('leaves time for the process to end within 3 seconds', () => {
    assert.ok(CLI_DEFAULTS.closeTimeoutMs + CLI_DEFAULTS.exitTimeoutMs < 3_000)
  })
})
