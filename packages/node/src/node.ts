import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Network } from '@weir/network'
import type { Host } from '@weir/host'

/** A node that runs. Whoever made it closes it. */
export interface Node<S extends object = object> extends AsyncDisposable {
  readonly host: Host<S>
  readonly network: Network
  /** Who it is. */
  readonly peer: PeerId

  /** Where others reach it, each with `/p2p/` and its id; "any interface" is replaced by the interfaces there are. */
  addrs (): Multiaddr[]

  /**
   * Stops it: services and host, network, peerstore, the lock of the data directory, the resource manager last; of these only
   * what `createNode` made itself. Closing twice is harmless.
   */
  close (): Promise<void>
}
