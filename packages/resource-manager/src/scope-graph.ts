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
    return this.peers.get(key) ?? this.#addPeer(peer, key)
  }

  protocol (id: ProtocolID): ProtocolScope {
    return this.protocols.get(id) ?? this.#addProtocol(id)
  }

  service (name: string): ServiceScope {
    return this.services.get(name) ?? this.#addService(name)
  }

  #addPeer (peer: PeerRef, key: string): PeerScope {
    const { books, roots, limiter } = this
    const scope = new PeerScope({ books, roots, peer, key, limit: limiter.peerLimits(peer), streamRate: this.streamRates.ofPeer(), onRemoved: this.#removePeer })
    this.peers.set(key, scope)
    return scope
  }

  #addProtocol (protocol: ProtocolID): ProtocolScope {
    const { books, roots, limiter } = this
    const scope = new ProtocolScope({
      books,
      edges: [roots.standard.system.counter],
      protocol,
      limit: limiter.protocolLimits(protocol),
      peerLimits: id => limiter.protocolPeerLimits(id),
      streamRate: this.streamRates.ofProtocol(protocol),
      onRemoved: id => { this.protocols.delete(id) }
    })
    this.protocols.set(protocol, scope)
    return scope
  }

  #addService (service: string): ServiceScope {
    const { books, roots, limiter } = this
    const scope = new ServiceScope({
      books,
      edges: [roots.standard.system.counter],
      name: service,
      limit: limiter.serviceLimits(service),
      peerLimits: name => limiter.servicePeerLimits(name),
      onRemoved: name => { this.services.delete(name) }
    })
    this.services.set(service, scope)
    return scope
  }

  readonly #removePeer = (key: string): void => { this.peers.delete(key) }
}
