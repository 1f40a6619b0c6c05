import { type Clock, systemClock } from '@weir/network'
import { PEERSTORE_DEFAULTS, type PeerstoreLimits } from './defaults.ts'
import type { RestoreReport } from './restore-report.ts'

type GivenLimits = { readonly [K in keyof PeerstoreLimits]?: PeerstoreLimits[K] | undefined }

/** All may be left out; the limits have their defaults in `PEERSTORE_DEFAULTS`. */
export interface PeerstoreInit extends GivenLimits {
  readonly clock?: Clock | undefined
  /** What `snapshot` gave, in this run or an earlier one, from wherever it was kept. Every piece of it is checked. */
  readonly snapshot?: unknown
  /** Called once, before the store is returned, when pieces of the snapshot could not be restored. */
  readonly onCorrupt?: ((report: RestoreReport) => void) | undefined
}

export interface ResolvedPeerstoreInit {
  readonly clock: Clock
  readonly limits: PeerstoreLimits
  readonly snapshot: unknown
  readonly onCorrupt: (report: RestoreReport) => void
}

/**
 * Fills in the defaults.
 *
 * @throws {TypeError} at a key that is not known
 * @throws {RangeError} at a limit that is no whole number of 1 or more, nor `Infinity`
 */
export function resolvePeerstoreInit (init: PeerstoreInit): ResolvedPeerstoreInit {
  const { clock = systemClock, snapshot, onCorrupt = () => {}, ...given } = init
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(PEERSTORE_DEFAULTS, key)) throw new TypeError(`unknown option ${key}`)
    if (value !== undefined && value !== Infinity && (!Number.isSafeInteger(value) || value < 1)) {
      throw new RangeError(`${key} must be a whole number of 1 or more, or Infinity, got ${value}`)
    }
  }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  return { clock, limits: Object.freeze({ ...PEERSTORE_DEFAULTS, ...set }), snapshot, onCorrupt }
}
