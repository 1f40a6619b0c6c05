import type { ScopeId } from '@weir/network'
import { PeerCounter } from './peer-counter.ts'

/** The scope of the protocol, as far as it matters here. */
export interface CountedProtocol {
  readonly protocol: string
}

/** What one peer uses of a protocol. */
export class ProtocolPeer extends PeerCounter<CountedProtocol> {
  get id (): ScopeId {
    return { kind: 'protocol-peer', protocol: this.within.protocol, peer: this.peer.peer }
  }
}
