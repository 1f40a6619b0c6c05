import type { Multiaddr } from '@multiformats/multiaddr'
import type { ConnManagementScope } from './conn-scope.ts'
import type { Direction } from './direction.ts'
import type { PeerRef } from './peer-ref.ts'
import type { PeerScope } from './peer-scope.ts'
import type { ProtocolID } from './protocol-id.ts'
import type { ProtocolScope } from './protocol-scope.ts'
import type { ResourceScope } from './resource-scope.ts'
import type { ServiceScope } from './service-scope.ts'
import type { StreamManagementScope } from './stream-scope.ts'

/**
 * Lends the scopes that outlive connections: each is valid during the callback, whose result is returned and whose
 * error is thrown on.
 *
 * @see seed 004, "ResourceScopeViewer"
 */
export interface ResourceScopeViewer {
  viewSystem<T> (fn: (scope: ResourceScope) => T): T
  /** The scope of what is not established yet: connections before their peer, streams before their protocol. */
  viewTransient<T> (fn: (scope: ResourceScope) => T): T
  viewService<T> (name: string, fn: (scope: ServiceScope) => T): T
  viewProtocol<T> (id: ProtocolID, fn: (scope: ProtocolScope) => T): T
  viewPeer<T> (peer: PeerRef, fn: (scope: PeerScope) => T): T
}

/**
 * Decides how much network passes: every connection and stream is charged here before it costs anything.
 *
 * ```
 * system
 *   +--> transient .............+................+
 *   |                           .                .
 *   +--> service ------------- . ----------+     .
 *   |                           .          |     .
 *   +--> protocol ------------ . ----------+     .
 *   |                           .          |     .
 *   +--> peer                   v          |     .
 *          +----------------> connection   |     .
 *          |                               v     v
 *          +--------------------------------> stream
 * ```
 *
 * Whoever opens a scope owns it and ends it. Ends of connections and streams end theirs in the same turn.
 *
 * @see seed 004, "ResourceManager"
 */
export interface ResourceManager extends ResourceScopeViewer, AsyncDisposable {
  /**
   * Opens the scope of a connection that has no peer yet, charged to transient and system.
   *
   * @param usesFd - whether it takes a file descriptor
   * @param endpoint - the remote address
   * @throws {ResourceLimitExceededError} when there is no room: the connection must not be opened or read
   */
  openConnection (direction: Direction, usesFd: boolean, endpoint: Multiaddr): ConnManagementScope

  /**
   * Opens the scope of a stream that has no protocol yet, charged to its peer, transient and system.
   *
   * @throws {ResourceLimitExceededError} when there is no room: the stream must be reset
   */
  openStream (peer: PeerRef, direction: Direction): StreamManagementScope

  /** Stops what runs in the background. Scopes that are open stay usable until they end. Closing twice is harmless. */
  close (): Promise<void>
}
