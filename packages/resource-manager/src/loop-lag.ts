import { LOOP_LAG_DEFAULTS } from './defaults.ts'
import type { PressureSignal } from './pressure-signal.ts'
import { SampledSignal } from './sampled-signal.ts'
import type { SamplingInit } from './sampling.ts'

export type LoopLagInit = SamplingInit

/**
 * How late the event loop runs its timers, in milliseconds: more work comes than the process gets done. The caller owns the
 * signal and disposes it, after the manager that asks it.
 *
 * A single pause, of the garbage collector or of one long task, raises no alarm: several timers in a row must be late.
 *
 * @throws {TypeError} at an option that is not known
 * @throws {RangeError} at a number that is none of its kind
 */
export function loopLag (init: LoopLagInit = {}): PressureSignal & Disposable {
  return new SampledSignal({ name: 'loopLag', given: init, defaults: LOOP_LAG_DEFAULTS, measure: latenessMs => Math.max(0, latenessMs) })
}
