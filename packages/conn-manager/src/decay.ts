import type { BumpFn, DecayFn } from './decayer.ts'

/** Never decays. */
export function decayNone (): DecayFn {
  return ({ value }) => value
}

/** Takes `minuend` away; removes what is not above zero. */
export function decayFixed (minuend: number): DecayFn {
  return ({ value }) => positive(value - minuend)
}

/** Multiplies, rounding down; removes what is not above zero. */
export function decayLinear (coefficient: number): DecayFn {
  return ({ value }) => positive(Math.floor(value * coefficient))
}

/** Keeps the value as long as it is bumped, and removes it once its last bump is `afterMs` ago. */
export function decayExpireWhenInactive (afterMs: number): DecayFn {
  return ({ value, lastBumpMs }, nowMs) => nowMs - lastBumpMs >= afterMs ? undefined : value
}

/** Adds. */
export function bumpSumUnbounded (): BumpFn {
  return ({ value }, delta) => value + delta
}

/** Adds, and stays between both, which are included. */
export function bumpSumBounded (min: number, max: number): BumpFn {
  if (!(min <= max)) throw new RangeError(`the least value must not be above the largest, got ${min} and ${max}`)
  return ({ value }, delta) => Math.max(min, Math.min(max, value + delta))
}

/** Replaces. */
export function bumpOverwrite (): BumpFn {
  return (_value, delta) => delta
}

function positive (value: number): number | undefined {
  return value > 0 ? value : undefined
}
