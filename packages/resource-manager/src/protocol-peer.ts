import type { ProtocolID, ScopeId } from '@weir/network'
import type { Counter } from './counter.ts'
import type { IdleScopes } from './idle-scopes.ts'
import type { Limit } from './limit.ts'
import { PeerCounter } from './peer-counter.ts'
import type { PeerScope } from './peer-scope.ts'

/** What one peer uses of a protocol. */
export class ProtocolPeer extends PeerCounter {
  readonly #protocol: ProtocolID
  readonly #peer: PeerScope
  readonly #onRemoved: (key: string) => void
  #edges: readonly Counter[] | undefined

  constructor (protocol: ProtocolID, peer: PeerScope, limit: Limit, idle: IdleScopes, onRemoved: (key: string) => void) {
    super(limit, idle)
    this.#protocol = protocol
    this.#peer = peer
    this.#onRemoved = onRemoved
  }

  get id (): ScopeId {
    return { kind: 'protocol-peer', protocol: this.#protocol, peer: this.#peer.peer }
  }

  /** What a stream of this peer and protocol is charged to. Made once, and anew when the peer's scope is not the same any more. */
  edges (peer: Counter, protocol: Counter, system: Counter): readonly Counter[] {
    const edges = this.#edges
    if (edges !== undefined && edges[0] === peer && edges[2] === protocol && edges[3] === system) return edges
    return this.#edges = [peer, this.counter, protocol, system]
  }

  collect (): void {
    this.#onRemoved(this.#peer.key)
  }
}
