import type { PublicKey } from '@libp2p/interface'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { type KeyBook, PeerKeyMismatchError, type PeerRef } from '@weir/network'
import { embeddedPublicKey } from './embedded-public-key.ts'
import type { PeerTable } from './peer-table.ts'

function verifyKey (peer: PeerRef, key: PublicKey): void {
  let owner: PeerRef
  try {
    owner = peerIdFromPublicKey(key)
  } catch (cause) {
    throw new PeerKeyMismatchError(peer, { cause })
  }
  if (owner.toString() !== peer.toString()) throw new PeerKeyMismatchError(peer)
}

/** The keys of a table's peers. A key that a peer id holds is known without being put in. */
export function keyBook (table: PeerTable): KeyBook {
  return {
    publicKey: peer => embeddedPublicKey(peer) ?? table.find(peer)?.publicKey,

    addPublicKey (peer, key) {
      verifyKey(peer, key)
      table.updateFacts(peer, entry => { entry.publicKey = key })
    },

    peersWithKeys () {
      const peers: PeerRef[] = []
      for (const { peer, publicKey } of table.entries()) if ((publicKey ?? embeddedPublicKey(peer)) !== undefined) peers.push(peer)
      return peers
    }
  }
}
