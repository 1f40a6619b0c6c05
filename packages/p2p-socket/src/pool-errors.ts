import { hasCode, type PeerRef } from '@weir/network'
import type { NetworkVersion } from './network-version.ts'
import { type P2pPoint, pointText } from './p2p-point.ts'
import type { RejectionMotive } from './rejection.ts'

// What Octez's catalogue has for the layers above sessions: they throw these, and nothing here does. reference/tezos-p2p.md 2.10

/** A peer of another chain, or of versions that are not spoken here. */
export class RejectedNoCommonProtocolError extends Error {
  override readonly name = 'RejectedNoCommonProtocolError'
  readonly code = 'P2P_REJECTED_NO_COMMON_PROTOCOL'
  readonly octezId = 'node.p2p_socket.rejected_no_common_protocol'
  readonly announced: NetworkVersion

  constructor (announced: NetworkVersion, options?: ErrorOptions) {
    super(`no common protocol with ${announced.chainName}, distributed db ${announced.distributedDbVersion}, p2p ${announced.p2pVersion}`, options)
    this.announced = announced
  }

  static is (error: unknown): error is RejectedNoCommonProtocolError {
    return hasCode(error, 'P2P_REJECTED_NO_COMMON_PROTOCOL')
  }
}

/** An incoming connection that this node refuses. */
export class RejectingIncomingError extends Error {
  override readonly name = 'RejectingIncomingError'
  readonly code = 'P2P_REJECTING_INCOMING'
  readonly octezId = 'node.p2p_socket.rejecting_incoming'
  readonly motive: RejectionMotive

  constructor (motive: RejectionMotive, options?: ErrorOptions) {
    super(`an incoming connection is refused: ${motive}`, options)
    this.motive = motive
  }

  static is (error: unknown): error is RejectingIncomingError {
    return hasCode(error, 'P2P_REJECTING_INCOMING')
  }
}

/** Telling a peer of others on a node that does not. */
export class PeerDiscoveryDisabledError extends Error {
  override readonly name = 'PeerDiscoveryDisabledError'
  readonly code = 'P2P_PEER_DISCOVERY_DISABLED'
  readonly octezId = 'node.p2p_conn.peer_discovery_disabled'

  constructor (options?: ErrorOptions) {
    super('peer discovery is disabled', options)
  }

  static is (error: unknown): error is PeerDiscoveryDisabledError {
    return hasCode(error, 'P2P_PEER_DISCOVERY_DISABLED')
  }
}

/** Dialling a point that is being connected to. */
export class PendingConnectionError extends Error {
  override readonly name = 'PendingConnectionError'
  readonly code = 'P2P_PENDING_CONNECTION'
  readonly octezId = 'node.p2p_pool.pending_connection'

  constructor (options?: ErrorOptions) {
    super('a connection to the point is under way', options)
  }

  static is (error: unknown): error is PendingConnectionError {
    return hasCode(error, 'P2P_PENDING_CONNECTION')
  }
}

/** Dialling a point that is connected. */
export class ConnectedError extends Error {
  override readonly name = 'ConnectedError'
  readonly code = 'P2P_CONNECTED'
  readonly octezId = 'node.p2p_pool.connected'

  constructor (options?: ErrorOptions) {
    super('the point is connected', options)
  }

  static is (error: unknown): error is ConnectedError {
    return hasCode(error, 'P2P_CONNECTED')
  }
}

/** A point that could not be reached; `cause` says why. */
export class ConnectionFailedError extends Error {
  override readonly name = 'ConnectionFailedError'
  readonly code = 'P2P_CONNECTION_FAILED'
  readonly octezId = 'node.p2p_pool.connection_failed'

  constructor (options?: ErrorOptions) {
    super('the connection failed', options)
  }

  static is (error: unknown): error is ConnectionFailedError {
    return hasCode(error, 'P2P_CONNECTION_FAILED')
  }
}

/** A peer that this node refused. */
export class RejectedError extends Error {
  override readonly name = 'RejectedError'
  readonly code = 'P2P_REJECTED'
  readonly octezId = 'node.p2p_pool.rejected'
  readonly peer: PeerRef
  readonly motive: RejectionMotive

  constructor ({ peer, motive }: { peer: PeerRef, motive: RejectionMotive }, options?: ErrorOptions) {
    super(`peer ${peer} is refused: ${motive}`, options)
    this.peer = peer
    this.motive = motive
  }

  static is (error: unknown): error is RejectedError {
    return hasCode(error, 'P2P_REJECTED')
  }
}

/** Dialling with all connections in use. */
export class TooManyConnectionsError extends Error {
  override readonly name = 'TooManyConnectionsError'
  readonly code = 'P2P_TOO_MANY_CONNECTIONS'
  readonly octezId = 'node.p2p_pool.too_many_connections'

  constructor (options?: ErrorOptions) {
    super('too many connections: raise max_connections, or close some', options)
  }

  static is (error: unknown): error is TooManyConnectionsError {
    return hasCode(error, 'P2P_TOO_MANY_CONNECTIONS')
  }
}

/** Connecting a private node with a peer that is not trusted. */
export class PrivateModeError extends Error {
  override readonly name = 'PrivateModeError'
  readonly code = 'P2P_PRIVATE_MODE'
  readonly octezId = 'node.p2p_pool.private_mode'

  constructor (options?: ErrorOptions) {
    super('the node is private: trust the peer first', options)
  }

  static is (error: unknown): error is PrivateModeError {
    return hasCode(error, 'P2P_PRIVATE_MODE')
  }
}

/** Connecting with a point whose address is banned. */
export class PointBannedError extends Error {
  override readonly name = 'PointBannedError'
  readonly code = 'P2P_POINT_BANNED'
  readonly octezId = 'node.p2p_pool.point_banned'
  readonly point: P2pPoint

  constructor (point: P2pPoint, options?: ErrorOptions) {
    super(`the point ${pointText(point)} is banned`, options)
    this.point = point
  }

  static is (error: unknown): error is PointBannedError {
    return hasCode(error, 'P2P_POINT_BANNED')
  }
}

/** Connecting with a peer that is banned. */
export class PeerBannedError extends Error {
  override readonly name = 'PeerBannedError'
  readonly code = 'P2P_PEER_BANNED'
  readonly octezId = 'node.p2p_pool.peer_banned'
  readonly peer: PeerRef

  constructor (peer: PeerRef, options?: ErrorOptions) {
    super(`the peer ${peer} is banned`, options)
    this.peer = peer
  }

  static is (error: unknown): error is PeerBannedError {
    return hasCode(error, 'P2P_PEER_BANNED')
  }
}

/** Using a network that is turned off. */
export class P2pLayerDisabledError extends Error {
  override readonly name = 'P2pLayerDisabledError'
  readonly code = 'P2P_LAYER_DISABLED'
  readonly octezId = 'node.p2p_pool.disabled'

  constructor (options?: ErrorOptions) {
    super('the p2p layer is disabled', options)
  }

  static is (error: unknown): error is P2pLayerDisabledError {
    return hasCode(error, 'P2P_LAYER_DISABLED')
  }
}

/** A point that has another peer than was expected. */
export class IdentityCheckFailureError extends Error {
  override readonly name = 'IdentityCheckFailureError'
  readonly code = 'P2P_IDENTITY_CHECK_FAILURE'
  readonly octezId = 'node.p2p_connect_handler.identity_check_failure'
  readonly point: P2pPoint
  readonly expectedPeer: PeerRef
  readonly receivedPeer: PeerRef

  constructor ({ point, expectedPeer, receivedPeer }: { point: P2pPoint, expectedPeer: PeerRef, receivedPeer: PeerRef }, options?: ErrorOptions) {
    super(`at ${pointText(point)} ${expectedPeer} was expected, ${receivedPeer} is there`, options)
    this.point = point
    this.expectedPeer = expectedPeer
    this.receivedPeer = receivedPeer
  }

  static is (error: unknown): error is IdentityCheckFailureError {
    return hasCode(error, 'P2P_IDENTITY_CHECK_FAILURE')
  }
}

/** Asking for maintenance where it is turned off. */
export class MaintenanceDisabledError extends Error {
  override readonly name = 'MaintenanceDisabledError'
  readonly code = 'P2P_MAINTENANCE_DISABLED'
  readonly octezId = 'node.p2p_maintenance.disabled'

  constructor (options?: ErrorOptions) {
    super('maintenance is disabled', options)
  }

  static is (error: unknown): error is MaintenanceDisabledError {
    return hasCode(error, 'P2P_MAINTENANCE_DISABLED')
  }
}

/** An address that could not be listened on. */
export class FailedToOpenListeningSocketError extends Error {
  override readonly name = 'FailedToOpenListeningSocketError'
  readonly code = 'P2P_FAILED_TO_OPEN_LISTENING_SOCKET'
  readonly octezId = 'p2p.welcome.failed_to_open_listening_socket'
  readonly reason: string
  readonly address: string
  readonly port: number

  constructor ({ reason, address, port }: { reason: string, address: string, port: number }, options?: ErrorOptions) {
    super(`listening on ${address}, port ${port}: ${reason}`, options)
    this.reason = reason
    this.address = address
    this.port = port
  }

  static is (error: unknown): error is FailedToOpenListeningSocketError {
    return hasCode(error, 'P2P_FAILED_TO_OPEN_LISTENING_SOCKET')
  }
}

/** More connections wait for a descriptor than may. */
export class FullWaitingQueueError extends Error {
  override readonly name = 'FullWaitingQueueError'
  readonly code = 'P2P_FULL_WAITING_QUEUE'
  readonly octezId = 'p2p.fd.Full_waiting_queue'

  constructor (options?: ErrorOptions) {
    super('too many connections wait for a file descriptor', options)
  }

  static is (error: unknown): error is FullWaitingQueueError {
    return hasCode(error, 'P2P_FULL_WAITING_QUEUE')
  }
}
