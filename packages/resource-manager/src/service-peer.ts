import type { ScopeId } from '@weir/network'
import { PeerCounter } from './peer-counter.ts'

/** The scope of the service, as far as it matters here. */
export interface CountedService {
  readonly name: string
}

/** What one peer uses of a service. */
export class ServicePeer extends PeerCounter<CountedService> {
  get id (): ScopeId {
    return { kind: 'service-peer', service: this.within.name, peer: this.peer.peer }
  }
}
