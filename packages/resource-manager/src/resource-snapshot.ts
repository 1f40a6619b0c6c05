import type { ScopeStat } from '@weir/network'
import type { Limit } from './limit.ts'
import type { MisuseCounts } from './misuse.ts'
import type { PressureLevel, PressureThresholds } from './pressure-signal.ts'
import type { PeerUseSnapshot } from './peer-use.ts'
import type { RefusalCount } from './refusal-counts.ts'

/** One scope with its limit. */
export interface ScopeSnapshot {
  readonly stat: ScopeStat
  /** As it is at this moment, be it dynamic or not. */
  readonly limit: Limit
  /** How much of each limit is in use, 0..100; 0 where there is no limit, 100 where nothing is allowed. */
  readonly percent: Limit
}

export interface NamedScopeSnapshot extends ScopeSnapshot {
  /** A peer's text, a protocol's id, a service's name. */
  readonly name: string
}

export interface PressureSnapshot {
  readonly name: string
  readonly level: PressureLevel
  readonly value: number
  readonly thresholds: PressureThresholds
}

/** The state of a resource manager at one moment, as plain data that can be cloned, sent and stored. */
export interface ResourceSnapshot {
  /** Wall clock. */
  readonly takenAtMs: number
  readonly system: ScopeSnapshot
  readonly transient: ScopeSnapshot
  readonly allowlistedSystem: ScopeSnapshot
  readonly allowlistedTransient: ScopeSnapshot
  /** Scopes that there are, those included that are idle and wait to be collected. */
  readonly numPeers: number
  readonly numProtocols: number
  readonly numServices: number
  readonly numAllowlistEntries: number
  /** Subnets with connections, of all sizes. */
  readonly numSubnets: number
  /** Subnets whose rate is remembered, of all sizes. */
  readonly numRateBuckets: number
  /** How connections, streams and memory are spread over peers. */
  readonly peerUse: PeerUseSnapshot
  /** Since the manager was made. */
  readonly refusals: readonly RefusalCount[]
  readonly misuse: MisuseCounts
  readonly pressure: readonly PressureSnapshot[]
  /** Trace events that found the queue full, or the file unwritable. */
  readonly traceEventsDropped: number
  /** The peers with the most memory, of equals those with the most streams, then connections. As many as asked for. */
  readonly largestPeers: readonly NamedScopeSnapshot[]
  /** At the levels `services` and `all` only. */
  readonly services: readonly NamedScopeSnapshot[] | undefined
  readonly protocols: readonly NamedScopeSnapshot[] | undefined
  /** At the level `all` only. */
  readonly peers: readonly NamedScopeSnapshot[] | undefined
}

export interface SnapshotOptions {
  /**
   * `totals` and `services` cost the same with however many peers there are that do nothing, and `services` looks at every service and protocol, of which a node has as many as it
   * handles; `all` looks at every scope that has a name. @defaultValue 'totals'
   */
  readonly level?: 'totals' | 'services' | 'all' | undefined
  /** How many of the largest peers: any number but 0 looks at every peer once. @defaultValue 0 */
  readonly top?: number | undefined
}
