import type { NetworkVersion } from './network-version.ts'
import type { P2pPeerId } from './p2p-peer-id.ts'

/** Where a peer says it can be dialled: without a port, nowhere. */
export interface ConnectionId {
  readonly address: string
  readonly port: number | undefined
}

/** What is known of a connection once it is authenticated. @see reference/tezos-p2p.md 5.10, "P2p_connection.Info" */
export interface ConnectionInfo<Meta> {
  readonly incoming: boolean
  readonly peerId: P2pPeerId
  readonly idPoint: ConnectionId
  readonly remoteSocketPort: number
  readonly announcedVersion: NetworkVersion
  readonly privateNode: boolean
  readonly localMetadata: Meta
  readonly remoteMetadata: Meta
}
