import type { ProtocolID } from '@weir/network'
import type { Rate } from './token-bucket.ts'

/** How fast each subnet of a size may open connections. */
export interface SubnetRate extends Rate {
  /** 0..32 for version 4, 0..128 for version 6. */
  readonly prefixLength: number
}

/** How fast one network may open connections. The rates per subnet and of all together do not count inside it. */
export interface NetworkRate extends Rate {
  /** Such as `10.0.0.0/8`. */
  readonly network: string
}

/**
 * How fast connections and streams may be opened, by token buckets. What is left out has its default; an empty list clears it.
 *
 * An attempt that passes its rate has used a token, whatever refuses it later.
 *
 * @see reference/go-libp2p.md 2.9
 */
export interface RateLimits {
  /** Connections, both directions together. Every size must have a token left. */
  readonly v4: readonly SubnetRate[]
  readonly v6: readonly SubnetRate[]
  /** Every network that matches must have a token left. */
  readonly networks: readonly NetworkRate[]
  /** Of all connections outside of these networks, those of addresses without an IP included. */
  readonly conns: Rate
  /** Of the inbound streams of each peer. */
  readonly peerStreams: Rate
  /** Of the inbound streams of each protocol that is not named below. */
  readonly protocolStreams: Rate
  readonly protocols: ReadonlyMap<ProtocolID, Rate>
}
