import type { ScopeId } from '@weir/network'
import type { IdleScopes } from './idle-scopes.ts'
import type { Limit } from './limit.ts'
import { PeerCounter } from './peer-counter.ts'
import type { PeerScope } from './peer-scope.ts'

/** What one peer uses of a service. */
export class ServicePeer extends PeerCounter {
  readonly #service: string
  readonly #peer: PeerScope
  readonly #table: Map<string, ServicePeer>

  constructor (service: string, peer: PeerScope, limit: Limit, table: Map<string, ServicePeer>, idle: IdleScopes) {
    super(limit, idle)
    this.#service = service
    this.#peer = peer
    this.#table = table
    table.set(peer.key, this)
  }

  get id (): ScopeId {
    return { kind: 'service-peer', service: this.#service, peer: this.#peer.peer }
  }

  collect (): void {
    this.#table.delete(this.#peer.key)
  }
}
