import type { ProtocolID } from '@weir/network'

/** An address in a snapshot. */
export interface AddrSnapshot {
  readonly addr: string
  /** As it was given. `ADDRESS_TTL_MS.connected` and `.permanent` stand for themselves. */
  readonly ttlMs: number
  /** Wall clock; without meaning for connected and permanent ones. */
  readonly endMs: number
}

/** All that is known of one peer, in a snapshot. */
export interface PeerSnapshot {
  /** The text of the peer. */
  readonly peer: string
  readonly type: string
  readonly addrs: readonly AddrSnapshot[]
  /** As libp2p's protobuf; left out when the peer id holds the key. */
  readonly publicKey?: Uint8Array | undefined
  readonly protocols: readonly ProtocolID[]
  readonly metadata: readonly (readonly [key: string, value: unknown])[]
  readonly latencyMs?: number | undefined
  /** Wall clock: when what is no address is over. */
  readonly factsEndMs: number
}

/**
 * A peerstore as plain, structured-cloneable data. Whoever keeps it chooses the form: `v8.serialize` keeps all of it; JSON would
 * lose keys and some metadata.
 */
export interface PeerstoreSnapshot {
  readonly version: 1
  /** Wall clock. */
  readonly savedMs: number
  readonly peers: readonly PeerSnapshot[]
}
