import { isPeerId, type PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { CODE_P2P, isMultiaddr, type Multiaddr } from '@multiformats/multiaddr'
import type { PeerRef } from '@weir/network'
import { MissingPeerIdError } from './errors.ts'

/** Whom to connect to: an address that ends in `/p2p/` and the peer id, or a peer with addresses to add to those that are known. */
export type ConnectTarget = Multiaddr | { readonly peer: PeerRef, readonly addrs?: readonly Multiaddr[] | undefined }

/** The libp2p peer id of a reference. @throws when it is none */
export function toPeerId (peer: PeerRef): PeerId {
  return isPeerId(peer) ? peer : peerIdFromString(peer.toString())
}

/** The peer that an address ends at: behind a relay it is the second one it names. */
export function peerOfAddr (addr: Multiaddr): PeerId | undefined {
  const text = addr.getComponents().findLast(({ code }) => code === CODE_P2P)?.value
  return text === undefined ? undefined : peerIdFromString(text)
}

/** The address without the peer that it ends at; `undefined` when nothing is left. */
export function withoutPeer (addr: Multiaddr): Multiaddr | undefined {
  const last = addr.getComponents().at(-1)
  const bare = last?.code === CODE_P2P ? addr.decapsulateCode(CODE_P2P) : addr
  return bare.getComponents().length === 0 ? undefined : bare
}

/** @throws {MissingPeerIdError} when an address names no peer */
export function resolveTarget (target: ConnectTarget): { peer: PeerId, addrs: Multiaddr[] } {
  if (!isMultiaddr(target)) {
    return { peer: toPeerId(target.peer), addrs: (target.addrs ?? []).flatMap(addr => withoutPeer(addr) ?? []) }
  }
  const peer = peerOfAddr(target)
  if (peer === undefined) throw new MissingPeerIdError(target)
  return { peer, addrs: [withoutPeer(target)].filter(addr => addr !== undefined) }
}
