import type { ProtocolID, ScopeId } from '@weir/network'
import type { Counter } from './counter.ts'
import type { IdleScopes } from './idle-scopes.ts'
import type { Limit } from './limit.ts'
import { PeerCounter } from './peer-counter.ts'
import type { PeerScope } from './peer-scope.ts'

/** The scope of the protocol, as far as it matters here. */
export interface CountedProtocol {
  readonly protocol: ProtocolID
  readonly counter: Counter
}

/** What one peer uses of a protocol. */
export class ProtocolPeer extends PeerCounter {
  readonly #protocol: CountedProtocol
  readonly #peer: PeerScope
  readonly #table: Map<string, ProtocolPeer>
  #edges: readonly Counter[] | undefined

  constructor (protocol: CountedProtocol, peer: PeerScope, limit: Limit, table: Map<string, ProtocolPeer>, idle: IdleScopes) {
    super(limit, idle)
    this.#protocol = protocol
    this.#peer = peer
    this.#table = table
    table.set(peer.key, this)
  }

  get id (): ScopeId {
    return { kind: 'protocol-peer', protocol: this.#protocol.protocol, peer: this.#peer.peer }
  }

  /**
   * What a stream of this peer and protocol is charged to, made once. The two scopes are there as long as this is: what is not
   * used any more is collected together.
   */
  edges (system: Counter): readonly Counter[] {
    if (this.#edges?.[3] !== system) this.#edges = [this.#peer.counter, this.counter, this.#protocol.counter, system]
    return this.#edges
  }

  collect (): void {
    this.#table.delete(this.#peer.key)
  }
}
