import type { PublicKey } from '@libp2p/interface'
import type { ConnectionState } from './connection-state.ts'
import type { PeerRef } from './peer-ref.ts'

/** Who is at the two ends. @see seed 004, "ConnSecurity" */
export interface ConnSecurity {
  readonly localPeer: PeerRef
  readonly remotePeer: PeerRef
  readonly remotePublicKey: PublicKey
  connState (): ConnectionState
}
