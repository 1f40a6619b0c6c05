import type * as network from '@weir/network'
import type { Books } from './books.ts'
import type { Counter } from './counter.ts'
import type { Limit } from './limit.ts'
import { NamedScope } from './named-scope.ts'
import type { PeerScope } from './peer-scope.ts'
import { ProtocolPeer } from './protocol-peer.ts'
import type { TokenBucket } from './token-bucket.ts'

export interface ProtocolScopeInit {
  readonly books: Books
  readonly edges: readonly Counter[]
  readonly protocol: network.ProtocolID
  readonly limit: Limit
  readonly peerLimits: (id: network.ProtocolID) => Limit
  /** How fast its streams may be opened. */
  readonly streamRate: TokenBucket | undefined
  readonly onRemoved: (id: network.ProtocolID) => void
}

/** The scope of a protocol: its streams with all peers, and how many of them each peer has. */
export class ProtocolScope extends NamedScope implements network.ProtocolScope {
  readonly protocol: network.ProtocolID
  readonly id: network.ScopeId
  readonly streamRate: TokenBucket | undefined
  readonly #peers = new Map<string, ProtocolPeer>()
  readonly #peerLimits: (id: network.ProtocolID) => Limit
  readonly #onRemoved: (id: network.ProtocolID) => void

  constructor ({ books, edges, protocol, limit, peerLimits, streamRate, onRemoved }: ProtocolScopeInit) {
    super(books, limit, edges)
    this.protocol = protocol
    this.id = { kind: 'protocol', protocol }
    this.streamRate = streamRate
    this.#peerLimits = peerLimits
    this.#onRemoved = onRemoved
    books.trace?.created(this.id)
  }

  peer (peer: PeerScope): ProtocolPeer {
    let counted = this.#peers.get(peer.key)
    if (counted === undefined) {
      counted = new ProtocolPeer(this.protocol, peer, this.#peerLimits(this.protocol), this.books.idle, key => { this.#peers.delete(key) })
      this.#peers.set(peer.key, counted)
    }
    return counted
  }

  get numPeers (): number {
    return this.#peers.size
  }

  protected override removed (): void {
    this.#onRemoved(this.protocol)
  }
}
