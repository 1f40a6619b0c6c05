import type * as network from '@weir/network'
import type { Books } from './books.ts'
import type { Limiter } from './limiter.ts'
import { NamedScope } from './named-scope.ts'
import { type CountedByPeer, PeerCounter } from './peer-counter.ts'
import type { CountWithin } from './peer-counters.ts'
import type { PeerScope } from './peer-scope.ts'
import type { Roots } from './roots.ts'

/** The scope of a service: its streams with all peers, and how many of them each peer has. */
export class ServiceScope extends NamedScope implements network.ServiceScope, CountedByPeer {
  readonly name: string
  readonly #limiter: Limiter
  readonly #table: Map<string, ServiceScope>

  constructor (books: Books, roots: Roots, limiter: Limiter, name: string, table: Map<string, ServiceScope>) {
    super(books, limiter.serviceLimits(name), roots.standard.systemEdges, undefined)
    this.name = name
    this.#limiter = limiter
    this.#table = table
    table.set(name, this)
    books.trace?.created(this.id)
  }

  get id (): network.ScopeId {
    return { kind: 'service', service: this.name }
  }

  /** What a peer uses of it. */
  peer (peer: PeerScope): CountWithin {
    return peer.counters.of(this) ?? new PeerCounter(this, peer, this.#limiter.servicePeerLimits(this.name))
  }

  idOfPeer (peer: network.PeerRef): network.ScopeId {
    return { kind: 'service-peer', service: this.name, peer }
  }

  protected override removed (): void {
    this.#table.delete(this.name)
  }
}
