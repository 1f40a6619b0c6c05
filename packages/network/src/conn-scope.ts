import type { PeerRef } from './peer-ref.ts'
import type { PeerScope } from './peer-scope.ts'
import type { ResourceScope, ResourceScopeSpan } from './resource-scope.ts'

/** A connection's scope as its users see it. @see seed 004, "ConnScope" */
export interface ConnScope extends ResourceScope {}

/**
 * A connection's scope as its owner sees it: whoever opened the connection attaches the peer and ends the scope.
 *
 * @see seed 004, "ConnManagementScope"
 */
export interface ConnManagementScope extends ResourceScopeSpan {
  /** The scope of the peer, `undefined` until `setPeer`. */
  readonly peerScope: PeerScope | undefined

  /**
   * Moves the connection from the transient scope to its peer's.
   *
   * @returns the peer's scope
   * @throws {ResourceLimitExceededError} when the peer has too much: the connection stays in transient
   * @throws {ScopeAttachedError} when a peer was set before
   */
  setPeer (peer: PeerRef): PeerScope
}
