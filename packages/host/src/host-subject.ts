import type { PeerRef } from '@weir/network'
import type { Host } from './host.ts'

/** What the suite of hosts is run on: hosts that were started. Whoever made them ends them, and their networks. */
export interface HostSubject {
  /** Of the implementation that is tried. Not connected. */
  readonly host: Host
  /** Another one, which listens where the first can reach it; any host where there are no connections. */
  readonly remote: Host
  /** A peer of whom nobody knows an address. */
  readonly stranger: PeerRef
}
