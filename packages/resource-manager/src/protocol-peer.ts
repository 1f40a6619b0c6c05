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
  readonly #table: Map<string, ProtocolPeer>
  #edges: readonly Counter[] | undefined

  constructor (protocol: ProtocolID, peer: PeerScope, limit: Limit, table: Map<string, ProtocolPeer>, idle: IdleScopes) {
    super(limit, idle)
    this.#protocol = protocol
    this.#peer = peer
    this.#table = table
    table.set(peer.key, this)
  }

  get id (): ScopeId {
    return { kind: 'protocol-peer', protocol: this.#protocol, peer: this.#peer.peer }
  }

  /** What a stream of this peer and protocol is charged to. Made once, and anew when the scopes are not the same any more. */
  edges (peer: Counter, protocol: Counter, system: Counter): readonly Counter[] {
    const known = this.#edges
    if (known !== undefined && known[0] === peer && known[2] === protocol && known[3] === system) return known
    const edges = [peer, this.counter, protocol, system]
    this.#edges = edges
    return edges
  }

  collect (): void {
    this.#table.delete(this.#peer.key)
  }
}
