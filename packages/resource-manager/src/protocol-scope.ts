import type * as network from '@weir/network'
import type { Books } from './books.ts'
import type { Limiter } from './limiter.ts'
import { NamedScope } from './named-scope.ts'
import { type CountedByPeer, PeerCounter } from './peer-counter.ts'
import type { CountWithin } from './peer-counters.ts'
import type { PeerScope } from './peer-scope.ts'
import type { Roots } from './roots.ts'
import type { TokenBucket } from './token-bucket.ts'

/** The scope of a protocol: its streams with all peers, and how many of them each peer has. */
export class ProtocolScope extends NamedScope implements network.ProtocolScope, CountedByPeer {
  readonly protocol: network.ProtocolID
  readonly #limiter: Limiter
  readonly #table: Map<network.ProtocolID, ProtocolScope>

  constructor (books: Books, roots: Roots, limiter: Limiter, protocol: network.ProtocolID, table: Map<network.ProtocolID, ProtocolScope>, streamRate: TokenBucket | undefined) {
    super(books, limiter.protocolLimits(protocol), roots.standard.systemEdges, streamRate)
    this.protocol = protocol
    this.#limiter = limiter
    this.#table = table
    table.set(protocol, this)
    books.trace?.created(this.id)
  }

  get id (): network.ScopeId {
    return { kind: 'protocol', protocol: this.protocol }
  }

  /** What a peer uses of it. */
  peer (peer: PeerScope): CountWithin {
    return peer.counters.of(this) ?? new PeerCounter(this, peer, this.#limiter.protocolPeerLimits(this.protocol))
  }

  idOfPeer (peer: network.PeerRef): network.ScopeId {
    return { kind: 'protocol-peer', protocol: this.protocol, peer }
  }

  protected override removed (): void {
    this.#table.delete(this.protocol)
  }
}
