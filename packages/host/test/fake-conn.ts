import { generateKeyPair } from '@libp2p/crypto/keys'
import type { PeerId } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { fakeConn as connTo } from '@weir/compliance'
import type { Conn } from '@weir/network'

export async function anyPeer (): Promise<PeerId> {
  return peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
}

/** As much of a connection as negotiation looks at. */
export function fakeConn (remotePeer: PeerId): Conn {
  return connTo({ id: 'fake', remotePeer })
}
