import type { PeerRef, ProtocolID } from '@weir/network'
import type { AllowlistTable } from './allowlist.ts'
import type { Books } from './books.ts'
import type { Limiter } from './limiter.ts'
import { PeerScope } from './peer-scope.ts'
import { ProtocolScope } from './protocol-scope.ts'
import { createRoots, type Roots } from './roots.ts'
import { ServiceScope } from './service-scope.ts'
import type { StreamRates } from './stream-rates.ts'
import type { SubnetLimiter } from './subnet-limiter.ts'

export interface ScopeGraphInit {
  readonly books: Books
  readonly limiter: Limiter
  readonly allowlist: AllowlistTable
  readonly subnets: SubnetLimiter
  readonly streamRates: StreamRates
}

/**
 * All scopes that others hang on: the roots, and those of peers, protocols and services by their names. Connections and
 * streams are not in any table: they belong to whoever opened them, and their number costs nothing here.
 */
export class ScopeGraph {
  readonly books: Books
  readonly limiter: Limiter
  readonly allowlist: AllowlistTable
  readonly subnets: SubnetLimiter
  readonly streamRates: StreamRates
  readonly roots: Roots
  readonly peers: Map<string, PeerScope> = new Map()
  readonly protocols: Map<ProtocolID, ProtocolScope> = new Map()
  readonly services: Map<string, ServiceScope> = new Map()

  constructor ({ books, limiter, allowlist, subnets, streamRates }: ScopeGraphInit) {
    this.books = books
    this.limiter = limiter
    this.allowlist = allowlist
    this.subnets = subnets
    this.roots = createRoots(books, limiter)
    this.streamRates = streamRates
  }

  peer (peer: PeerRef): PeerScope {
    const key = peer.toString()
    return this.peers.get(key) ?? new PeerScope(this.books, this.roots, this.limiter.peerLimits(peer), peer, key, this.peers, this.streamRates.ofPeer())
  }

  protocol (id: ProtocolID): ProtocolScope {
    return this.protocols.get(id) ?? new ProtocolScope(this.books, this.roots, this.limiter, id, this.protocols, this.streamRates.ofProtocol(id))
  }

  service (name: string): ServiceScope {
    return this.services.get(name) ?? new ServiceScope(this.books, this.roots, this.limiter, name, this.services)
  }
}
