import type { Clock } from '@weir/network'

export interface SweepTimerInit {
  readonly clock: Clock
  readonly intervalMs: number
  /** The wait when a sweep left something over that is due. */
  readonly pauseMs: number
  /** `later`: nothing is due now, but something will be. `done`: nothing ever will. */
  readonly sweep: () => 'due' | 'later' | 'done'
}

export interface SweepTimer extends Disposable {
  /** Says that something will be due. Sets a timer when none is set. */
  arm (): void
}

/** Sweeps from time to time while there is something to sweep, until it is disposed. Keeps no process alive. */
export function sweepTimer ({ clock, intervalMs, pauseMs, sweep }: SweepTimerInit): SweepTimer {
  let timer: Disposable | undefined
  let disposed = false

  function set (delayMs: number): void {
    timer = clock.setTimeout(() => {
      const left = sweep()
      if (left === 'done') timer = undefined
      else set(left === 'due' ? pauseMs : intervalMs)
    }, delayMs)
  }

  return {
    arm () {
      if (timer === undefined && !disposed) set(intervalMs)
    },
    [Symbol.dispose] () {
      disposed = true
      timer?.[Symbol.dispose]()
    }
  }
}
