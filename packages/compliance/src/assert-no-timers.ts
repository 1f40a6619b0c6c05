import assert from 'node:assert/strict'
import type { ManualClock } from './manual-clock.ts'

/** No timer is left on the clock. @throws {AssertionError} with their number */
export function assertNoTimers (clock: ManualClock): void {
  assert.equal(clock.pendingTimers, 0, `timers left: ${clock.pendingTimers}`)
}
