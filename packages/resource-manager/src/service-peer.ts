import type { ScopeId } from '@weir/network'
import type { IdleScopes } from './idle-scopes.ts'
import type { Limit } from './limit.ts'
import { PeerCounter } from './peer-counter.ts'
import type { PeerScope } from './peer-scope.ts'

/** What one peer uses of a service. */
export class ServicePeer extends PeerCounter {
  readonly #service: string
  readonly #peer: PeerScope
  readonly #onRemoved: (key: string) => void

  constructor (service: string, peer: PeerScope, limit: Limit, idle: IdleScopes, onRemoved: (key: string) => void) {
    super(limit, idle)
    this.#service = service
    this.#peer = peer
    this.#onRemoved = onRemoved
  }

  get id (): ScopeId {
    return { kind: 'service-peer', service: this.#service, peer: this.#peer.peer }
  }

  collect (): void {
    this.#onRemoved(this.#peer.key)
  }
}
