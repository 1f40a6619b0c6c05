import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { BasicGater } from '@weir/conn-gater'
import type { Host } from '@weir/host'
import type { ConnManager, Network, ResourceManager } from '@weir/network'
import type { ResourcePlan } from '@weir/resource-manager'

/** A node that runs. Whoever made it closes it. */
export interface Node<S extends object = object> extends AsyncDisposable {
  readonly host: Host<S>
  readonly network: Network
  /** Who it is. */
  readonly peer: PeerId
  /** What counts all that the node has open. */
  readonly resourceManager: ResourceManager
  /** What keeps the number of connections down, and makes room for newcomers. */
  readonly connManager: ConnManager
  /** Who is banned and who is trusted; `undefined` with a gater that was given. */
  readonly gater: BasicGater | undefined
  /** What its limits were made of; `undefined` with a resource manager that was given. */
  readonly plan: ResourcePlan | undefined

  /** Where others reach it, each with `/p2p/` and its id; "any interface" is replaced by the interfaces there are. */
  addrs (): Multiaddr[]

  /**
   * Stops it: services and host, network, peerstore, gater, the lock of the data directory, the managers last; of these only
   * what `createNode` made itself. Closing twice is harmless.
   */
  close (): Promise<void>
}
