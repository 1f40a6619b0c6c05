import type { PublicKey } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { PeerRef } from './peer-ref.ts'
import type { ProtocolID } from './protocol-id.ts'

/** Addresses, each until its time is over. */
export interface AddrBook {
  /** Adds addresses, or prolongs them; never shortens one. @param ttlMs - see `ADDRESS_TTL_MS`; 0 or less adds nothing */
  addAddrs (peer: PeerRef, addrs: readonly Multiaddr[], ttlMs: number): void
  /** Sets the time of addresses, shorter too; 0 or less removes them. */
  setAddrs (peer: PeerRef, addrs: readonly Multiaddr[], ttlMs: number): void
  /** Gives those addresses that were put in with one time another one, as when a connection ends. */
  updateAddrs (peer: PeerRef, oldTtlMs: number, newTtlMs: number): void
  addrs (peer: PeerRef): Multiaddr[]
  clearAddrs (peer: PeerRef): void
  peersWithAddrs (): PeerRef[]
}

/** Public keys, where the peer id does not hold them. */
export interface KeyBook {
  publicKey (peer: PeerRef): PublicKey | undefined
  /** @throws {PeerKeyMismatchError} when the key is not the peer's */
  addPublicKey (peer: PeerRef, key: PublicKey): void
  peersWithKeys (): PeerRef[]
}

/** The protocols that a peer is known to speak. */
export interface ProtoBook {
  protocols (peer: PeerRef): ProtocolID[]
  addProtocols (peer: PeerRef, ...ids: ProtocolID[]): void
  setProtocols (peer: PeerRef, ...ids: ProtocolID[]): void
  removeProtocols (peer: PeerRef, ...ids: ProtocolID[]): void
  /** Those of `ids` that the peer speaks, in the order of `ids`. */
  supportsProtocols (peer: PeerRef, ...ids: ProtocolID[]): ProtocolID[]
  /** The first of `ids` that the peer speaks. */
  firstSupportedProtocol (peer: PeerRef, ...ids: ProtocolID[]): ProtocolID | undefined
}

/** Small values by peer and key, such as the agent's version. Values have to be structured-cloneable. */
export interface PeerMetadata {
  metadata (peer: PeerRef, key: string): unknown
  putMetadata (peer: PeerRef, key: string, value: unknown): void
}

/** How far away peers are. */
export interface LatencyBook {
  recordLatency (peer: PeerRef, latencyMs: number): void
  /** The moving average; 0 when none was recorded. */
  latencyEwmaMs (peer: PeerRef): number
}

/**
 * What is known of peers. Synchronous, and bounded: what it does when it is full is its documented behaviour.
 *
 * @see seed 004, "Dialer"; reference/go-libp2p.md 1.7
 */
export interface Peerstore extends AddrBook, KeyBook, ProtoBook, PeerMetadata, LatencyBook, AsyncDisposable {
  peerInfo (peer: PeerRef): { readonly peer: PeerRef, readonly addrs: Multiaddr[] }
  peers (): PeerRef[]
  /** Forgets the peer but for its addresses, which go when their time is over, as in Go. */
  removePeer (peer: PeerRef): void
  close (): Promise<void>
}
