import { type Clock, systemClock } from '@weir/network'
import { IO_SCHEDULER_DEFAULTS, type IoSchedulerDefaults } from './defaults.ts'

/** All may be left out; the numbers have their defaults in `IO_SCHEDULER_DEFAULTS`. */
export interface IoSchedulerInit extends Partial<{ readonly [K in keyof IoSchedulerDefaults]: IoSchedulerDefaults[K] | undefined }> {
  readonly clock?: Clock | undefined
}

export interface IoSchedulerSettings extends IoSchedulerDefaults {
  readonly clock: Clock
}

/**
 * Fills in the defaults.
 *
 * @throws {TypeError} at a key that is not known
 * @throws {RangeError} at a number that is not above 0
 */
export function resolveIoSchedulerInit (init: IoSchedulerInit): IoSchedulerSettings {
  const { clock = systemClock, ...given } = init
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(IO_SCHEDULER_DEFAULTS, key)) throw new TypeError(`unknown option ${key}`)
    if (value !== undefined && !(typeof value === 'number' && value > 0)) throw new RangeError(`${key} must be a number above 0, got ${value}`)
  }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  return Object.freeze({ ...IO_SCHEDULER_DEFAULTS, ...set, clock })
}
