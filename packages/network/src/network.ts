import type { Multiaddr } from '@multiformats/multiaddr'
import type { Conn, Stream } from './conn.ts'
import type { Connectedness } from './connectedness.ts'
import type { DialPeerOptions, NewStreamOptions } from './dial-options.ts'
import type { PeerRef } from './peer-ref.ts'
import type { Peerstore } from './peerstore.ts'
import type { ResourceManager } from './resource-manager.ts'
import type { StreamHandler } from './stream-handler.ts'

// A network tells its notifiees of itself, so the three stand in one file.

/**
 * Told of what happens in a network. Called in turn, synchronously: `connected` before any stream of the connection is
 * handed out, `disconnected` never before its `connected` has returned. What it throws is logged and goes no further.
 *
 * @see seed 004, "Notifiee"
 */
export interface Notifiee {
  /** The network listens on an address now. */
  listen (network: Network, addr: Multiaddr): void
  /** The network no longer listens on an address. */
  listenClose (network: Network, addr: Multiaddr): void
  connected (network: Network, conn: Conn): void
  disconnected (network: Network, conn: Conn): void
}

/** Whoever can dial peers, and knows the connections. @see seed 004, "Dialer" */
export interface Dialer {
  readonly peerstore: Peerstore
  readonly localPeer: PeerRef

  /**
   * A connection to the peer: one that is there, or a new one to an address in the peerstore. Callers for the same peer
   * share one dial.
   *
   * @throws {NoRemoteAddrsError} when no address is known
   */
  dialPeer (peer: PeerRef, options?: DialPeerOptions): Promise<Conn>

  /** Closes all connections to the peer. */
  closePeer (peer: PeerRef): Promise<void>
  connectedness (peer: PeerRef): Connectedness
  /** The peers that are connected. */
  peers (): PeerRef[]
  conns (): Conn[]
  /** Oldest first. */
  connsToPeer (peer: PeerRef): Conn[]
  notify (notifiee: Notifiee): void
  stopNotify (notifiee: Notifiee): void
  /** Whether some transport could dial the address. Asks nobody whether it may. */
  canDial (peer: PeerRef, addr: Multiaddr): boolean
}

/** Dials and listens, and holds the connections. @see seed 004, "Network" */
export interface Network extends Dialer, AsyncDisposable {
  readonly resourceManager: ResourceManager

  /** Who gets the streams that remotes open, in place of the last one. Without one they are reset. */
  setStreamHandler (handler: StreamHandler): void

  /**
   * Opens a stream that has no protocol yet, over the best connection or a new one.
   *
   * @throws {NoConnError} with `noDial` and no connection
   * @throws {LimitedConnError} with limited connections only and no `allowLimitedConn`, when a direct one did not come in time
   */
  newStream (peer: PeerRef, options?: NewStreamOptions): Promise<Stream>

  /** Listens on the addresses. @throws when none of them works; those that do stay */
  listen (...addrs: Multiaddr[]): Promise<void>
  listenClose (...addrs: Multiaddr[]): Promise<void>
  /** What is listened on, with the real ports. */
  listenAddresses (): Multiaddr[]
  /** `listenAddresses` with "any interface" replaced by the interfaces there are. */
  interfaceListenAddresses (): Multiaddr[]
  /** Ends all connections and listeners. What was handed in, the resource manager above all, stays open. */
  close (): Promise<void>
}
