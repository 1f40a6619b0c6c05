import type { PeerId } from '@libp2p/interface'
import type { Network } from '@weir/network'
import type { ConnectednessListener } from './connectedness-emitter.ts'
import type { DialSnapshot } from './dial-snapshot.ts'
import type { TransportFactory } from './swarm-init.ts'

/** The network of connections: a `Network` whose peers are libp2p's, which takes further transports and shows its dials. */
export interface Swarm extends Network {
  readonly localPeer: PeerId

  /**
   * Adds a transport after the others. @throws {SwarmClosedError} when the swarm is closed
   *
   * @see reference/go-libp2p.md 1.7, "TransportNetwork"
   */
  addTransport (transport: TransportFactory): void

  /**
   * Calls the listener when the connectedness of a peer changes, after the notifiees have heard of the connection and before any
   * of its streams is handed out, until the result is disposed.
   *
   * @see reference/go-libp2p.md 5.9
   */
  onConnectednessChanged (listener: ConnectednessListener): Disposable

  /** The peers that are dialled now, the oldest dial first. */
  dials (): DialSnapshot[]
}
