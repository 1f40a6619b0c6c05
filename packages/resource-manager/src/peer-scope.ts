import type * as network from '@weir/network'
import type { Books } from './books.ts'
import { type Edges, edgesOf } from './edges.ts'
import type { Limit } from './limit.ts'
import { NamedScope } from './named-scope.ts'
import { PeerCounters } from './peer-counters.ts'
import type { RootPair, Roots } from './roots.ts'
import type { TokenBucket } from './token-bucket.ts'

/** The scope of a peer: all its connections and streams, and what muxers reserve for it. */
export class PeerScope extends NamedScope implements network.PeerScope {
  readonly peer: network.PeerRef
  /** The peer's text form. */
  readonly key: string
  /** Connections from addresses that the operator trusts with this peer. */
  trustedConns = 0
  /** Those of them that are charged to the allowlisted scopes. */
  allowlistedConns = 0
  /** What it uses of protocols and services. */
  readonly counters: PeerCounters = new PeerCounters()
  readonly #table: Map<string, PeerScope>

  constructor (books: Books, roots: Roots, limit: Limit, peer: network.PeerRef, key: string, table: Map<string, PeerScope>, streamRate: TokenBucket | undefined) {
    super(books, limit, roots.standard.systemEdges, streamRate, books.peerUse)
    this.peer = peer
    this.key = key
    this.#table = table
    table.set(key, this)
    books.trace?.created(this.id)
  }

  get id (): network.ScopeId {
    return { kind: 'peer', peer: this.peer }
  }

  override get isTrusted (): boolean {
    return this.trustedConns > 0
  }

  // These lists are made anew each time: with many peers, one that was kept would have to be fetched from far away.

  /** What a connection of this peer is charged to. */
  connEdges (roots: RootPair): Edges {
    return edgesOf(this.counter, roots.system.counter)
  }

  /** What a stream of this peer is charged to before it has a protocol. */
  streamEdges (roots: RootPair): Edges {
    return edgesOf(this.counter, roots.transient.counter, roots.system.counter)
  }

  protected override removed (): void {
    this.#table.delete(this.key)
  }
}
