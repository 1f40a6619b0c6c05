import type { Multiaddr } from '@multiformats/multiaddr'

/** Where the two ends are. @see seed 004, "ConnMultiaddrs" */
export interface ConnMultiaddrs {
  readonly localMultiaddr: Multiaddr
  readonly remoteMultiaddr: Multiaddr
}
