import type { Multiaddr } from '@multiformats/multiaddr'
import { type Clock, parseSubnet, systemClock } from '@weir/network'
import { autoScale } from './auto-scale.ts'
import type { ConcreteLimits } from './concrete-limits.ts'
import { NO_RATE_LIMITS, NO_SUBNET_LIMITS, RATE_LIMIT_DEFAULTS, RESOURCE_MANAGER_DEFAULTS, SUBNET_LIMIT_DEFAULTS } from './defaults.ts'
import { fixedLimiter } from './fixed-limiter.ts'
import type { Limiter } from './limiter.ts'
import { type MisuseListener, warnOnce } from './misuse.ts'
import type { PressureSignal } from './pressure-signal.ts'
import type { RateLimits } from './rate-limits.ts'
import type { SubnetLimits } from './subnet-limits.ts'
import type { Rate } from './token-bucket.ts'
import type { TraceFileInit } from './trace-file.ts'
import type { TraceListener } from './trace-listener.ts'

type Some<T> = { readonly [K in keyof T]?: T[K] | undefined }

/** All may be left out. */
export interface ResourceManagerInit {
  /** Limits of all scopes, or who answers for them. @defaultValue `autoScale()`, made for this machine */
  readonly limits?: ConcreteLimits | Limiter | undefined
  /** Trusted addresses from the start, see `Allowlist.add`. */
  readonly allowlist?: Iterable<Multiaddr | string> | undefined
  /** @defaultValue `SUBNET_LIMIT_DEFAULTS`; none when the limits let the system have any number of connections */
  readonly subnetLimits?: Some<SubnetLimits> | undefined
  /** @defaultValue `RATE_LIMIT_DEFAULTS`; those of connections none when the limits let the system have any number of them, and so for streams */
  readonly rateLimits?: Some<RateLimits> | undefined
  /** The process's own state, such as `memoryPressure()` and `loopLag()`. Not ended by the manager. @defaultValue none */
  readonly signals?: readonly PressureSignal[] | undefined
  readonly clock?: Clock | undefined
  /** Takes an event for every change, or the file that they are written to. Costs much: for finding out, not for every day. */
  readonly trace?: TraceListener | TraceFileInit | undefined
  /**
   * For development: writes down who opened each scope, so that `leaks()` knows all of them. `warn` also reports scopes that
   * are garbage-collected before they end, to `onMisuse`. @defaultValue 'off'
   */
  readonly leakDetection?: 'off' | 'on' | 'warn' | undefined
  /** Told of mistakes of those who use the scopes, in a turn of its own. @defaultValue a process warning for the first of each kind */
  readonly onMisuse?: MisuseListener | undefined
  /** @defaultValue `RESOURCE_MANAGER_DEFAULTS.maxIdleScopes` */
  readonly maxIdleScopes?: number | undefined
  /** @defaultValue `RESOURCE_MANAGER_DEFAULTS.maxRateBuckets` */
  readonly maxRateBuckets?: number | undefined
}

export interface ResourceManagerSettings {
  readonly limiter: Limiter
  readonly allowlist: Iterable<Multiaddr | string>
  readonly subnetLimits: SubnetLimits
  readonly rateLimits: RateLimits
  readonly signals: readonly PressureSignal[]
  readonly clock: Clock
  readonly trace: TraceListener | TraceFileInit | undefined
  readonly leakDetection: 'off' | 'on' | 'warn'
  readonly onMisuse: MisuseListener
  readonly maxIdleScopes: number
  readonly maxRateBuckets: number
}

const LEAK_DETECTIONS: readonly unknown[] = ['off', 'on', 'warn']

/**
 * Checks an init and fills in the defaults.
 *
 * @throws {TypeError} at a key that is not known, and what is of the wrong type
 * @throws {RangeError} at a number that is none of its kind
 */
export function resolveResourceManagerInit (init: ResourceManagerInit): ResourceManagerSettings {
  const {
    limits, allowlist = [], subnetLimits, rateLimits, signals = [], clock = systemClock, trace, leakDetection = 'off', onMisuse = warnOnce(),
    maxIdleScopes = RESOURCE_MANAGER_DEFAULTS.maxIdleScopes, maxRateBuckets = RESOURCE_MANAGER_DEFAULTS.maxRateBuckets, ...unknown
  } = init
  for (const key of Object.keys(unknown)) throw new TypeError(`createResourceManager does not know the option ${key}`)
  if (!LEAK_DETECTIONS.includes(leakDetection)) throw new TypeError(`leakDetection is off, on or warn, got ${leakDetection}`)
  if (typeof onMisuse !== 'function') throw new TypeError('onMisuse must be a function')
  if (typeof allowlist === 'string') throw new TypeError('allowlist is a list of addresses, got one text')
  for (const [key, value] of Object.entries({ maxIdleScopes, maxRateBuckets })) {
    if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${key} must be a whole number of 1 or more, got ${value}`)
  }
  const limiter = limits === undefined ? fixedLimiter(autoScale()) : 'systemLimits' in limits ? limits : fixedLimiter(limits)
  const system = limiter.systemLimits()
  const freeConns = system.conns === Infinity && system.connsInbound === Infinity && system.connsOutbound === Infinity
  const freeStreams = system.streams === Infinity && system.streamsInbound === Infinity
  const { v4, v6, networks, conns } = freeConns ? NO_RATE_LIMITS : RATE_LIMIT_DEFAULTS
  const { peerStreams, protocolStreams, protocols } = freeStreams ? NO_RATE_LIMITS : RATE_LIMIT_DEFAULTS
  return {
    limiter,
    allowlist,
    subnetLimits: checkSubnetLimits(filled('subnetLimits', subnetLimits, freeConns ? NO_SUBNET_LIMITS : SUBNET_LIMIT_DEFAULTS)),
    rateLimits: checkRateLimits(filled('rateLimits', rateLimits, { v4, v6, networks, conns, peerStreams, protocolStreams, protocols })),
    signals,
    clock,
    trace,
    leakDetection,
    onMisuse,
    maxIdleScopes,
    maxRateBuckets
  }
}

function filled<T extends object> (option: string, given: Some<T> | undefined, defaults: T): T {
  for (const key of Object.keys(given ?? {})) {
    if (!Object.hasOwn(defaults, key)) throw new TypeError(`createResourceManager does not know the option ${option}.${key}`)
  }
  return { ...defaults, ...Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined)) }
}

function checkSubnetLimits (limits: SubnetLimits): SubnetLimits {
  for (const [version, bits] of [['v4', 32], ['v6', 128]] as const) {
    for (const { prefixLength, conns } of limits[version]) {
      checkPrefixLength(`subnetLimits.${version}`, prefixLength, bits)
      checkCount(`subnetLimits.${version}`, conns)
    }
  }
  for (const { network, conns } of limits.networks) checkCount(`subnetLimits of ${parseSubnet(network) && network}`, conns)
  return limits
}

function checkRateLimits (limits: RateLimits): RateLimits {
  for (const [version, bits] of [['v4', 32], ['v6', 128]] as const) {
    for (const { prefixLength, ...rate } of limits[version]) {
      checkPrefixLength(`rateLimits.${version}`, prefixLength, bits)
      checkRate(`rateLimits.${version}`, rate)
    }
  }
  for (const rate of limits.networks) checkRate(`rateLimits of ${parseSubnet(rate.network) && rate.network}`, rate)
  for (const name of ['conns', 'peerStreams', 'protocolStreams'] as const) checkRate(`rateLimits.${name}`, limits[name])
  for (const [id, rate] of limits.protocols) checkRate(`rateLimits of ${id}`, rate)
  return limits
}

function checkPrefixLength (where: string, prefixLength: number, bits: number): void {
  if (!Number.isInteger(prefixLength) || prefixLength < 0 || prefixLength > bits) throw new RangeError(`${where}: a prefix length is a whole number from 0 to ${bits}, got ${prefixLength}`)
}

function checkCount (where: string, conns: number): void {
  if (conns !== Infinity && (!Number.isSafeInteger(conns) || conns < 0)) throw new RangeError(`${where}: conns must be a whole number of 0 or more, or Infinity, got ${conns}`)
}

function checkRate (where: string, { perSecond, burst }: Rate): void {
  if (!(perSecond >= 0)) throw new RangeError(`${where}: perSecond must be a number of 0 or more, or Infinity, got ${perSecond}`)
  if (!Number.isSafeInteger(burst) || burst < 0) throw new RangeError(`${where}: burst must be a whole number of 0 or more, got ${burst}`)
}
