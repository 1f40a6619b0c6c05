import { type Clock, systemClock } from '@weir/network'
import { TCP_DEFAULTS, type TcpLimits } from './defaults.ts'

type GivenLimits = { readonly [K in keyof TcpLimits]?: TcpLimits[K] | undefined }

/** All may be left out; the limits have their defaults in `TCP_DEFAULTS`. */
export interface TcpInit extends GivenLimits {
  readonly clock?: Clock | undefined
}

/** The init with every default filled in. */
export interface TcpSettings extends TcpLimits {
  readonly clock: Clock
}

/**
 * Checks an init and fills it up.
 *
 * @throws {TypeError} at a key that is not known
 * @throws {RangeError} at a number that cannot be meant
 */
export function tcpSettings ({ clock = systemClock, ...given }: TcpInit): TcpSettings {
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(TCP_DEFAULTS, key)) throw new TypeError(`tcp does not know the option ${key}`)
    if (value === undefined) continue
    const isTime = key.endsWith('Ms')
    if (isTime ? !(typeof value === 'number' && value > 0) : !Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`${key} must be ${isTime ? 'above 0' : 'a whole number of at least 1'}, got ${value}`)
    }
  }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  return Object.freeze({ ...TCP_DEFAULTS, ...set, clock })
}
