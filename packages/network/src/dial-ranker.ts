import type { Multiaddr } from '@multiformats/multiaddr'

/** An address and how long after the start of the dial it is tried. @see seed 004, "AddrDelay" */
export interface AddrDelay {
  readonly addr: Multiaddr
  readonly delayMs: number
}

/** Decides when each address of a peer is tried. Must return each at most once. @see seed 004, "DialRanker" */
export type DialRanker = (addrs: readonly Multiaddr[]) => AddrDelay[]
