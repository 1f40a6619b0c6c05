import type { ComponentLogger, Libp2pEvents, NodeInfo, PeerId, PeerStore, PrivateKey, Upgrader } from '@libp2p/interface'
import type { AddressManager, ConnectionManager, Registrar } from '@libp2p/interface-internal'
import type { Datastore } from 'interface-datastore'
import type { TypedEventTarget } from 'main-event'

/**
 * What stock js-libp2p services are made of: the smallest set of js-libp2p's components that lets them run unchanged. Each is
 * a face of the host; what a face cannot do throws `NotOfferedError`.
 *
 * @see reference/js-libp2p.md 2
 */
export interface HostComponents {
  readonly peerId: PeerId
  readonly privateKey: PrivateKey
  readonly nodeInfo: NodeInfo
  readonly logger: ComponentLogger
  /** What listeners throw is logged. */
  readonly events: TypedEventTarget<Libp2pEvents>
  readonly registrar: Registrar
  readonly connectionManager: ConnectionManager
  readonly addressManager: AddressManager
  readonly peerStore: PeerStore
  readonly datastore: Datastore
  readonly upgrader: Pick<Upgrader, 'getStreamMuxers'>
}
