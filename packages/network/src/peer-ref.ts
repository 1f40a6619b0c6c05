/**
 * Who a peer is, as far as limits, rules and books care: a value with a text form.
 *
 * libp2p's `PeerId` is one, and so is a Tezos peer id. The text is the key of every map, so implementations
 * must cache it: `toString()` is called on hot paths and has to give the same text for the same peer.
 */
export interface PeerRef {
  /** The kind of identity, such as `Ed25519`; never compared. */
  readonly type: string
  /** The text form, equal for equal peers. */
  toString (): string
}
