import type * as network from '@weir/network'
import type { Books } from './books.ts'
import type { Counter } from './counter.ts'
import type { Limit } from './limit.ts'
import { NamedScope } from './named-scope.ts'
import type { PeerScope } from './peer-scope.ts'
import { ServicePeer } from './service-peer.ts'

export interface ServiceScopeInit {
  readonly books: Books
  readonly edges: readonly Counter[]
  readonly name: string
  readonly limit: Limit
  readonly peerLimits: (name: string) => Limit
  readonly onRemoved: (name: string) => void
}

/** The scope of a service: its streams with all peers, and how many of them each peer has. */
export class ServiceScope extends NamedScope implements network.ServiceScope {
  readonly name: string
  readonly id: network.ScopeId
  readonly #peers = new Map<string, ServicePeer>()
  readonly #peerLimits: (name: string) => Limit
  readonly #onRemoved: (name: string) => void

  constructor ({ books, edges, name, limit, peerLimits, onRemoved }: ServiceScopeInit) {
    super(books, limit, edges)
    this.name = name
    this.id = { kind: 'service', service: name }
    this.#peerLimits = peerLimits
    this.#onRemoved = onRemoved
    books.trace?.created(this.id)
  }

  peer (peer: PeerScope): ServicePeer {
    let counted = this.#peers.get(peer.key)
    if (counted === undefined) {
      counted = new ServicePeer(this.name, peer, this.#peerLimits(this.name), this.books.idle, key => { this.#peers.delete(key) })
      this.#peers.set(peer.key, counted)
    }
    return counted
  }

  get numPeers (): number {
    return this.#peers.size
  }

  protected override removed (): void {
    this.#onRemoved(this.name)
  }
}
