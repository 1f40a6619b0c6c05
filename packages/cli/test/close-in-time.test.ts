import assert from 'node:assert/strict'
import { closeInTime } from '../src/close-in-time.ts'
import { CLI_DEFAULTS } from '../src/defaults.ts'
import { HandClock } from './hand-clock.ts'

describe('closeInTime', () => {
  it('waits for the close and leaves no timer', async () => {
    const clock = new HandClock()
    await closeInTime({ close: async () => {} }, clock)
    assert.equal(clock.timer, undefined)
  })

  it('gives up on a close that does not end', async () => {
    const clock = new HandClock()
    const closing = closeInTime({ close: () => new Promise(() => {}) }, clock)
    assert.equal(clock.timer?.delayMs, CLI_DEFAULTS.closeTimeoutMs)
    clock.timer?.callback()
    await assert.rejects(closing, { code: 'CLOSE_TIMEOUT', afterMs: CLI_DEFAULTS.closeTimeoutMs })
    assert.equal(clock.timer, undefined)
  })

  it('passes on what the close throws', async () => {
    await assert.rejects(closeInTime({ close: async () => { throw new Error('no') } }, new HandClock()), /no/)
  })

  it('leaves time for the process to end within 3 seconds', () => {
    assert.ok(CLI_DEFAULTS.closeTimeoutMs + CLI_DEFAULTS.exitTimeoutMs < 3_000)
  })
})
