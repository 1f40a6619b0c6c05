import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'

const P2P_CODE = 421
const P2P = '/p2p/'

/** The text behind the last `/p2p/`, when it is the end of the address. */
function lastPeer (text: string): string | undefined {
  const at = text.lastIndexOf(P2P)
  const peer = text.slice(at + P2P.length)
  return at === -1 || peer.includes('/') ? undefined : peer
}

/**
 * An address as it is kept: without the peer's id at its end, so that the same address is not kept twice.
 *
 * @param peer - the text of the peer that it was given for
 * @returns `undefined` when the id at its end is that of another peer, or when nothing else is in it
 */
export function ownAddr (addr: Multiaddr, peer: string): Multiaddr | undefined {
  const last = lastPeer(addr.toString())
  if (last === undefined) return addr
  // The id may be written in another base: the bytes give it in the usual one.
  if (last !== peer && lastPeer(multiaddr(addr.bytes).toString()) !== peer) return undefined
  const bare = addr.decapsulateCode(P2P_CODE)
  return bare.getComponents().length === 0 ? undefined : bare
}
