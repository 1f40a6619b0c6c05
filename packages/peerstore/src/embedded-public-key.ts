import type { PublicKey } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import type { PeerRef } from '@weir/network'

const KEY_IN_TEXT: readonly string[] = ['Ed25519', 'secp256k1']

/** The public key that a peer id holds: as libp2p's `PeerId` gives it, or in its text where that is long enough to hold it. */
export function embeddedPublicKey (peer: PeerRef): PublicKey | undefined {
  const key = (peer as { readonly publicKey?: PublicKey }).publicKey
  if (key !== undefined || !KEY_IN_TEXT.includes(peer.type)) return key
  try {
    return peerIdFromString(peer.toString()).publicKey
  } catch {
    return undefined // no peer id of libp2p
  }
}
