import type { Multiaddr } from '@multiformats/multiaddr'
import type { ConnectionGater, Network, ResourceManager } from '@weir/network'

/** What a case hands to the networks it makes, to see what is asked of them. */
export interface NetworkParts {
  readonly resourceManager: ResourceManager
  readonly connectionGater: ConnectionGater
}

/** What the suite of networks is run on. */
export interface NetworkSubject {
  /**
   * Makes a network with an identity of its own, an empty peerstore that remembers addresses, the system's clock, and these parts. The case
   * closes it, and then its peerstore.
   */
  create (parts: NetworkParts): Network | Promise<Network>
  /** Where any number of networks can listen at the same time, such as `/ip4/127.0.0.1/tcp/0`. */
  readonly listenAddr: Multiaddr
}
