import type { IpAddress } from '@weir/network'

/** Whom an operator trusts. A basic gater is one: hand it to the greylist, the private-network gater and the ban policy. */
export interface Trust {
  /** A trusted peer is let in whatever else is said of it or its address. @param peer - its text */
  isTrustedPeer (peer: string): boolean
  /** A trusted address is good for itself: who comes from it may still be banned. */
  isTrustedAddr (address: IpAddress): boolean
}

/** Trusts nobody. */
export const noTrust: Trust = Object.freeze({ isTrustedPeer: () => false, isTrustedAddr: () => false })
