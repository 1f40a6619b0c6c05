import type { Multiaddr } from '@multiformats/multiaddr'
import type { Conn } from './conn.ts'
import type { ConnMultiaddrs } from './conn-multiaddrs.ts'
import type { Direction } from './direction.ts'
import type { PeerRef } from './peer-ref.ts'
import type { Verdict } from './verdict.ts'

/**
 * Asked before each step of a connection, inbound and outbound. Answers are synchronous: they come before anything is spent.
 *
 * A hook that throws, or gives anything but `ALLOW` or a `Denial`, denies.
 *
 * @see reference/go-libp2p.md 1.6 and 5.5
 */
export interface ConnectionGater {
  /** Before a peer is dialled, before its addresses are looked up. */
  interceptPeerDial (peer: PeerRef): Verdict
  /** Before each address of a peer is dialled. */
  interceptAddrDial (peer: PeerRef, addr: Multiaddr): Verdict
  /** When an inbound connection is accepted, before a byte is read. */
  interceptAccept (addrs: ConnMultiaddrs): Verdict
  /** When the remote has proved who it is. */
  interceptSecured (direction: Direction, peer: PeerRef, addrs: ConnMultiaddrs): Verdict
  /** When the connection is ready, before anybody else sees it. */
  interceptUpgraded (conn: Conn): Verdict
}
