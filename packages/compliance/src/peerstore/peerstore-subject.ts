import type { Clock, PeerRef, Peerstore } from '@weir/network'

/** A peer with its public key, and the key of another. The peer's id must not hold the key, as those of RSA keys do not. */
export interface KeyedPeer {
  readonly peer: PeerRef
  readonly key: NonNullable<ReturnType<Peerstore['publicKey']>>
  readonly otherKey: NonNullable<ReturnType<Peerstore['publicKey']>>
}

export interface PeerstoreParts {
  readonly clock: Clock
  /** How many peers it may know. */
  readonly maxPeers: number
  /** How many addresses of one peer. */
  readonly maxAddrsPerPeer: number
}

/** What the suite of peerstores is run on. */
export interface PeerstoreSubject {
  /** Makes a peerstore that knows nothing. The case closes it. One that remembers nothing may take no notice of the parts. */
  create (parts: PeerstoreParts): Peerstore | Promise<Peerstore>
  /** Needed for the capability `keys`. */
  keyedPeer? (): KeyedPeer | Promise<KeyedPeer>
}
