/**
 * One limit as it is written: a whole number above 0, or its decimal digits, or a word. A written 0 is `blockAll`; what is
 * not written, or `default`, is whatever the defaults have.
 */
export type LimitValue = 'default' | 'unlimited' | 'blockAll' | number | `${bigint}`

/** The limits of one scope as they are written. Memory is in bytes, `FD` counts file descriptors. */
export interface PartialLimit {
  readonly Streams?: LimitValue | undefined
  readonly StreamsInbound?: LimitValue | undefined
  readonly StreamsOutbound?: LimitValue | undefined
  readonly Conns?: LimitValue | undefined
  readonly ConnsInbound?: LimitValue | undefined
  readonly ConnsOutbound?: LimitValue | undefined
  readonly FD?: LimitValue | undefined
  readonly Memory?: LimitValue | undefined
}

/** The limits of scopes by name. */
export type PartialLimitByName = Readonly<Record<string, PartialLimit>>

/**
 * A configuration of limits as it is written: plain data, the same in code and in go-libp2p's JSON. What is left out is
 * filled in by `buildLimits`.
 *
 * @see reference/go-libp2p.md 2.6
 */
export interface PartialLimits {
  readonly System?: PartialLimit | undefined
  readonly Transient?: PartialLimit | undefined
  readonly AllowlistedSystem?: PartialLimit | undefined
  readonly AllowlistedTransient?: PartialLimit | undefined
  readonly ServiceDefault?: PartialLimit | undefined
  readonly Service?: PartialLimitByName | undefined
  readonly ServicePeerDefault?: PartialLimit | undefined
  readonly ServicePeer?: PartialLimitByName | undefined
  readonly ProtocolDefault?: PartialLimit | undefined
  readonly Protocol?: PartialLimitByName | undefined
  readonly ProtocolPeerDefault?: PartialLimit | undefined
  readonly ProtocolPeer?: PartialLimitByName | undefined
  readonly PeerDefault?: PartialLimit | undefined
  /** By the text form of the peer id: base58, as `PeerId.toString()` gives it. */
  readonly Peer?: PartialLimitByName | undefined
  readonly Conn?: PartialLimit | undefined
  readonly Stream?: PartialLimit | undefined
}
