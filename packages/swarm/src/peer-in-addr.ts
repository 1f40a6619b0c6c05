import { CODE_P2P, type Multiaddr } from '@multiformats/multiaddr'

/** Whom an address ends at. One in front of `/p2p-circuit` names the relay, not him. */
export function peerIn (addr: Multiaddr): string | undefined {
  const last = addr.getComponents().at(-1)
  return last?.code === CODE_P2P ? last.value : undefined
}

/** The address without the peer that it ends at. */
export function withoutPeer (addr: Multiaddr): Multiaddr {
  const peer = peerIn(addr)
  return peer === undefined ? addr : addr.decapsulate(`/p2p/${peer}`)
}
