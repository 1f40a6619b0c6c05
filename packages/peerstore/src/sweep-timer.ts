import type { Clock } from '@weir/network'

export interface SweepTimerInit {
  readonly clock: Clock
  readonly intervalMs: number
  /** The wait when a sweep left something over. */
  readonly pauseMs: number
  /** @returns whether it left something over */
  readonly sweep: () => boolean
}

/** Sweeps from time to time until it is disposed. Keeps no process alive. */
export function sweepTimer ({ clock, intervalMs, pauseMs, sweep }: SweepTimerInit): Disposable {
  let timer = clock.setTimeout(run, intervalMs)
  function run (): void {
    timer = clock.setTimeout(run, sweep() ? pauseMs : intervalMs)
  }
  return { [Symbol.dispose]: () => { timer[Symbol.dispose]() } }
}
