import type { Multiaddr } from '@multiformats/multiaddr'
import { type Clock, type PeerRef, systemClock } from '@weir/network'
import { CONN_MANAGER_DEFAULTS, type ConnManagerLimits, DECAY_DEFAULTS, type DecayLimits } from './defaults.ts'
import { netGroup } from './net-group.ts'

type Given<T> = { readonly [K in keyof T]?: T[K] | undefined }

/** All may be left out; the numbers have their defaults in `CONN_MANAGER_DEFAULTS`. */
export interface ConnManagerInit extends Given<ConnManagerLimits> {
  /** Defaults in `DECAY_DEFAULTS`. */
  readonly decay?: Given<DecayLimits> | undefined
  readonly clock?: Clock | undefined
  /** Who is trusted, such as a gater knows it: never trimmed but by force, never ended to make room. Called often; must not call the manager. @defaultValue nobody */
  readonly isTrusted?: ((peer: PeerRef) => boolean) | undefined
  /** Which part of the net an address is in; what one party can have many of is one group. @defaultValue `netGroup` */
  readonly groupOf?: ((addr: Multiaddr) => string) | undefined
  /** Told of what a decay function, `isTrusted` or `groupOf` threw. Must not throw. */
  readonly onError?: ((error: unknown) => void) | undefined
}

export interface ResolvedConnManagerInit {
  readonly limits: ConnManagerLimits
  readonly decay: DecayLimits
  readonly clock: Clock
  readonly isTrusted: (peer: PeerRef) => boolean
  readonly groupOf: (addr: Multiaddr) => string
  readonly onError: (error: unknown) => void
}

const RATIOS: readonly string[] = ['protectedRatio', 'reservedOutboundRatio']
const AT_LEAST_ONE: readonly string[] = ['maxTempPeers', 'tempPeerTtlMs', 'maxTagsPerPeer', 'maxProtectedPeers', 'maxDecayingTags', 'resolutionMs', 'valuesPerTurn']
const FINITE: readonly string[] = ['lowWater', 'highWater', 'gracePeriodMs', 'silencePeriodMs', 'resolutionMs', 'valuesPerTurn']

/**
 * Fills in the defaults.
 *
 * @throws {TypeError} at a key that is not known
 * @throws {RangeError} at a number that is none such, and at a low mark above the high one
 */
export function resolveConnManagerInit (init: ConnManagerInit): ResolvedConnManagerInit {
  const { decay = {}, clock = systemClock, isTrusted = () => false, groupOf = netGroup, onError = () => {}, ...given } = init
  const limits = resolve(CONN_MANAGER_DEFAULTS, given, '')
  if (limits.highWater > 0 && limits.lowWater > limits.highWater) throw new RangeError(`lowWater must not be above highWater, got ${limits.lowWater} and ${limits.highWater}`)
  return { limits, decay: resolve(DECAY_DEFAULTS, decay, 'decay.'), clock, isTrusted: guarded(isTrusted, false, onError), groupOf: guarded(groupOf, '', onError), onError }
}

function resolve<T extends object> (defaults: T, given: Given<T>, path: string): T {
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaults, key)) throw new TypeError(`unknown option ${path}${key}`)
    if (value !== undefined) check(key, `${path}${key}`, value)
  }
  return Object.freeze({ ...defaults, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) })
}

function check (key: string, name: string, value: unknown): void {
  if (RATIOS.includes(key)) {
    if (typeof value !== 'number' || !(value >= 0 && value <= 1)) throw new RangeError(`${name} must be a number from 0 to 1, got ${value}`)
    return
  }
  const least = AT_LEAST_ONE.includes(key) ? 1 : 0
  const whole = Number.isSafeInteger(value) && (value as number) >= least
  const unbounded = value === Infinity && !FINITE.includes(key)
  if (!whole && !unbounded) throw new RangeError(`${name} must be a whole number of ${least} or more${FINITE.includes(key) ? '' : ', or Infinity'}, got ${value}`)
}

/** What a collaborator throws is told, and answered for. */
function guarded<A, R> (call: (arg: A) => R, otherwise: R, onError: (error: unknown) => void): (arg: A) => R {
  return arg => {
    try {
      return call(arg)
    } catch (error) {
      onError(error)
      return otherwise
    }
  }
}
