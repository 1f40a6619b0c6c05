import type { PeerScope } from './peer-scope.ts'
import type { ProtocolID } from './protocol-id.ts'
import type { ProtocolScope } from './protocol-scope.ts'
import type { ResourceScope, ResourceScopeSpan } from './resource-scope.ts'
import type { ServiceScope } from './service-scope.ts'

/** A stream's scope as its users see it: they may name the service it belongs to. @see seed 004, "StreamScope" */
export interface StreamScope extends ResourceScope {
  /**
   * Charges the stream to a service as well.
   *
   * @throws {ResourceLimitExceededError} when the service has too much: nothing changes
   * @throws {ScopeAttachedError} when a service was set before
   * @throws {ScopeNotAttachedError} when the stream has no protocol yet
   */
  setService (name: string): void
}

/**
 * A stream's scope as its owner sees it.
 *
 * @see seed 004, "StreamManagementScope"
 */
export interface StreamManagementScope extends ResourceScopeSpan, StreamScope {
  /** `undefined` until `setProtocol`. */
  readonly protocolScope: ProtocolScope | undefined
  /** `undefined` until `setService`. */
  readonly serviceScope: ServiceScope | undefined
  readonly peerScope: PeerScope

  /**
   * Moves the stream from the transient scope to its protocol's.
   *
   * @throws {ResourceLimitExceededError} when the protocol has too much: the stream stays in transient
   * @throws {ScopeAttachedError} when a protocol was set before
   */
  setProtocol (id: ProtocolID): void
}
