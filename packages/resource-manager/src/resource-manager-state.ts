import type { ConnLimiter, PeerRef, ProtocolID, ResourceManager } from '@weir/network'
import type { Allowlist } from './allowlist.ts'
import type { Leak } from './owner.ts'
import type { ResourceSnapshot, SnapshotOptions } from './resource-snapshot.ts'

/** What a resource manager shows besides its contract: for operators, metrics and development. */
export interface ResourceManagerState extends ConnLimiter {
  /** The trusted addresses, to be changed at any time. */
  readonly allowlist: Allowlist
  /** The state at this moment, as plain data. @throws {TypeError} @throws {RangeError} at options that are none */
  snapshot (options?: SnapshotOptions): ResourceSnapshot
  /** Services that have a scope at the moment, sorted. */
  listServices (): string[]
  listProtocols (): ProtocolID[]
  /** Sorted by their text. */
  listPeers (): PeerRef[]
  /**
   * This manager under a name: scopes opened through it carry the label, and show in `leaks()` when they are still open after
   * the view was closed. Closing it closes nothing else.
   */
  ownedBy (label: string): ResourceManager
  /** Scopes that outlived what they belong to. Looks at all peers; complete with `leakDetection` only. */
  leaks (): Leak[]
}
