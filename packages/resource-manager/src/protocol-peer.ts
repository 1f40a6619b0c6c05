import type { ScopeId } from '@weir/network'
import type { IdleScopes } from './idle-scopes.ts'
import type { Limit } from './limit.ts'
import { PeerCounter } from './peer-counter.ts'
import type { PeerScope } from './peer-scope.ts'

/** The scope of the protocol, as far as it matters here. */
export interface CountedProtocol {
  readonly protocol: string
}

/** What one peer uses of a protocol. */
export class ProtocolPeer extends PeerCounter {
  readonly #protocol: CountedProtocol
  readonly #peer: PeerScope

  constructor (protocol: CountedProtocol, peer: PeerScope, limit: Limit, idle: IdleScopes) {
    super(protocol, peer.counters, limit, idle)
    this.#protocol = protocol
    this.#peer = peer
  }

  get id (): ScopeId {
    return { kind: 'protocol-peer', protocol: this.#protocol.protocol, peer: this.#peer.peer }
  }
}
