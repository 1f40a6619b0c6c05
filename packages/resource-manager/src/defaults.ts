import type { RateLimits } from './rate-limits.ts'
import type { Sampling } from './sampling.ts'
import type { SubnetLimits } from './subnet-limits.ts'

/** How limits grow with a machine. @see reference/go-libp2p.md 2.7 */
export const SCALING_DEFAULTS: {
  /** Up to here the base counts; limits grow with what is above it. */
  readonly baseMemoryBytes: number
  /** The share of the machine's memory that the network gets. */
  readonly memoryRatio: number
  /** The share of the process's file descriptors that the network gets. */
  readonly fdRatio: number
} = Object.freeze({
  baseMemoryBytes: 134_217_728,
  memoryRatio: 1 / 8,
  fdRatio: 1 / 2
})

/** How many connections a node keeps, derived from how many it may have. */
export const WATERMARK_DEFAULTS: {
  /** However many the limits allow. As in Go. */
  readonly maxHighWater: number
  /** Of the connections that the limits allow: the rest is for those who come while others are trimmed. */
  readonly highWaterRatio: number
  /** Of the high water. */
  readonly lowWaterRatio: number
} = Object.freeze({
  maxHighWater: 192,
  highWaterRatio: 0.9,
  lowWaterRatio: 0.8
})

/** Times and bounds of a resource manager. */
export const RESOURCE_MANAGER_DEFAULTS: {
  /** How long the scope of a peer, a protocol or a service is kept after its last use, at least; twice as long at most, or until its rate has recovered. */
  readonly idleScopeTtlMs: number
  /** When as many scopes as this are idle they are collected at once. */
  readonly maxIdleScopes: number
  /** Subnets of one size whose rates are remembered; in two generations, so up to twice as many. */
  readonly maxRateBuckets: number
  readonly maxAllowlistEntries: number
  /** Trace events that wait to be delivered or written; further ones are dropped and counted. */
  readonly maxTraceEvents: number
} = Object.freeze({
  idleScopeTtlMs: 60_000,
  maxIdleScopes: 1_024,
  maxRateBuckets: 65_536,
  maxAllowlistEntries: 100_000,
  maxTraceEvents: 50_000
})

/** Connections per subnet. Loopback is free. As in Go. @see reference/go-libp2p.md 2.9 */
export const SUBNET_LIMIT_DEFAULTS: SubnetLimits = Object.freeze({
  v4: Object.freeze([{ prefixLength: 32, conns: 8 }]),
  v6: Object.freeze([{ prefixLength: 56, conns: 8 }, { prefixLength: 48, conns: 64 }]),
  networks: Object.freeze([{ network: '127.0.0.0/8', conns: Infinity }, { network: '::1/128', conns: Infinity }])
})

/** Connections in time per subnet: as in Go. Streams in time: Go has no such limit. @see reference/go-libp2p.md 2.9 */
export const RATE_LIMIT_DEFAULTS: RateLimits = Object.freeze({
  v4: Object.freeze([{ prefixLength: 32, perSecond: 0.2, burst: 16 }]),
  v6: Object.freeze([{ prefixLength: 56, perSecond: 0.2, burst: 16 }, { prefixLength: 48, perSecond: 0.5, burst: 80 }]),
  networks: Object.freeze([{ network: '127.0.0.0/8', perSecond: Infinity, burst: 1 }, { network: '::1/128', perSecond: Infinity, burst: 1 }]),
  conns: Object.freeze({ perSecond: Infinity, burst: 1 }),
  peerStreams: Object.freeze({ perSecond: 2_000, burst: 10_000 }),
  protocolStreams: Object.freeze({ perSecond: Infinity, burst: 1 }),
  protocols: new Map()
})

/** No limit per subnet. */
export const NO_SUBNET_LIMITS: SubnetLimits = Object.freeze({ v4: Object.freeze([]), v6: Object.freeze([]), networks: Object.freeze([]) })

/** No rate, of connections or of streams. */
export const NO_RATE_LIMITS: RateLimits = Object.freeze({
  v4: Object.freeze([]),
  v6: Object.freeze([]),
  networks: Object.freeze([]),
  conns: Object.freeze({ perSecond: Infinity, burst: 1 }),
  peerStreams: Object.freeze({ perSecond: Infinity, burst: 1 }),
  protocolStreams: Object.freeze({ perSecond: Infinity, burst: 1 }),
  protocols: new Map()
})

/** When the process's memory is short, as shares of what it may use. */
export const MEMORY_PRESSURE_DEFAULTS: Sampling = Object.freeze({ intervalMs: 500, window: 4, leaveRatio: 0.9, elevated: 0.8, critical: 0.92 })

/** When the event loop is late, in milliseconds. */
export const LOOP_LAG_DEFAULTS: Sampling = Object.freeze({ intervalMs: 250, window: 3, leaveRatio: 0.5, elevated: 200, critical: 1_000 })

/** How a trace is written. */
export const TRACE_FILE_DEFAULTS: { readonly flushIntervalMs: number, readonly maxFileBytes: number } = Object.freeze({
  flushIntervalMs: 1_000,
  maxFileBytes: 268_435_456
})
