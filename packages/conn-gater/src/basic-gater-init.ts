import { type Clock, type Random, systemClock, systemRandom } from '@weir/network'
import { BASIC_GATER_DEFAULTS, type BasicGaterLimits } from './defaults.ts'
import { type GaterDatastore, nullDatastore } from './gater-datastore.ts'
import type { GatingConfig } from './gating-config.ts'
import { resolveLimits } from './resolve-limits.ts'

type GivenLimits = { readonly [K in keyof BasicGaterLimits]?: BasicGaterLimits[K] | undefined }

/** All may be left out; the limits have their defaults in `BASIC_GATER_DEFAULTS`. */
export interface BasicGaterInit extends GivenLimits {
  /** Where the lists are kept; the caller owns and closes it. @defaultValue nowhere: they are forgotten at the end */
  readonly datastore?: GaterDatastore | undefined
  readonly clock?: Clock | undefined
  /** For the hashes of addresses. */
  readonly random?: Random | undefined
  /** In force from the beginning. @defaultValue nobody banned, nobody trusted, not isolated */
  readonly config?: GatingConfig | undefined
}

export interface ResolvedBasicGaterInit {
  readonly datastore: GaterDatastore
  readonly clock: Clock
  readonly random: Random
  readonly config: GatingConfig
  readonly limits: BasicGaterLimits
}

/**
 * Fills in the defaults.
 *
 * @throws {TypeError} at a key that is not known
 * @throws {RangeError} at a limit that is no whole number of 1 or more
 */
export function resolveBasicGaterInit (init: BasicGaterInit): ResolvedBasicGaterInit {
  const { datastore = nullDatastore, clock = systemClock, random = systemRandom, config = {}, ...given } = init
  return { datastore, clock, random, config, limits: resolveLimits(BASIC_GATER_DEFAULTS, given) }
}
