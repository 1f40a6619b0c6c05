import type { Clock } from '@weir/network'
import { TEMP_SWEEP_DEFAULTS } from './defaults.ts'

export interface TempSweep extends Disposable {
  /** Says that there is something whose time will be over. Sets a timer when none is set. */
  arm (): void
}

/**
 * Forgets what is over from time to time, while there is anything, until it is disposed. Keeps no process alive.
 *
 * @param sweep - forgets at most so many and says when the next one is over; `undefined` when nothing is left
 */
export function tempSweep (clock: Clock, ttlMs: number, sweep: (count: number) => number | undefined): TempSweep {
  const { intervalMs, peersPerTurn } = TEMP_SWEEP_DEFAULTS
  let timer: Disposable | undefined
  let disposed = false

  function set (delayMs: number): void {
    timer = clock.setTimeout(() => {
      timer = undefined
      const nextMs = sweep(peersPerTurn)
      if (nextMs === undefined) return
      const waitMs = nextMs - clock.monotonicMs()
      set(waitMs <= 0 ? 0 : Math.max(waitMs, intervalMs)) // not one timer for each
    }, delayMs)
  }

  return {
    arm () {
      if (timer === undefined && !disposed && ttlMs !== Infinity) set(Math.max(ttlMs, intervalMs))
    },
    [Symbol.dispose] () {
      disposed = true
      timer?.[Symbol.dispose]()
      timer = undefined
    }
  }
}
