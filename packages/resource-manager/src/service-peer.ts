import type { ScopeId } from '@weir/network'
import type { IdleScopes } from './idle-scopes.ts'
import type { Limit } from './limit.ts'
import { PeerCounter } from './peer-counter.ts'
import type { PeerScope } from './peer-scope.ts'

/** The scope of the service, as far as it matters here. */
export interface CountedService {
  readonly name: string
}

/** What one peer uses of a service. */
export class ServicePeer extends PeerCounter {
  readonly #service: CountedService
  readonly #peer: PeerScope

  constructor (service: CountedService, peer: PeerScope, limit: Limit, idle: IdleScopes) {
    super(service, peer.counters, limit, idle)
    this.#service = service
    this.#peer = peer
  }

  get id (): ScopeId {
    return { kind: 'service-peer', service: this.#service.name, peer: this.#peer.peer }
  }
}
