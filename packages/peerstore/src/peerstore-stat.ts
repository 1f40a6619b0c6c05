/** How full a peerstore is, and what it did about it since it was made. A plain snapshot. */
export interface PeerstoreStat {
  /** Peers, those included whose time is over and whom the sweep has not met yet. */
  readonly numPeers: number
  readonly numAddrs: number
  /** Those of them that are neither connected nor permanent. */
  readonly numUnconnectedAddrs: number
  /** Peers that were forgotten before their time, to make room. */
  readonly evictedPeers: number
  /** Addresses that were dropped before their time, to make room. */
  readonly evictedAddrs: number
  /** Protocols and metadata of which there were too many, texts and values that were too long, addresses of another peer. */
  readonly ignored: number
}
