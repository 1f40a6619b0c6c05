import type * as network from '@weir/network'
import type { Books } from './books.ts'
import type { Counter } from './counter.ts'
import type { Limit } from './limit.ts'
import { NamedScope } from './named-scope.ts'
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
  readonly #roots: Roots
  readonly #table: Map<string, PeerScope>
  #connEdges: readonly Counter[] | undefined
  #streamEdges: readonly Counter[] | undefined

  constructor (books: Books, roots: Roots, limit: Limit, peer: network.PeerRef, key: string, table: Map<string, PeerScope>, streamRate: TokenBucket | undefined) {
    super(books, limit, roots.standard.systemEdges, streamRate)
    this.peer = peer
    this.key = key
    this.#roots = roots
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

  /** What a connection of this peer is charged to. The usual list is made once. */
  connEdges (roots: RootPair): readonly Counter[] {
    if (roots !== this.#roots.standard) return [this.counter, roots.system.counter]
    this.#connEdges ??= [this.counter, roots.system.counter]
    return this.#connEdges
  }

  /** What a stream of this peer is charged to before it has a protocol. */
  streamEdges (roots: RootPair): readonly Counter[] {
    if (roots !== this.#roots.standard) return [this.counter, roots.transient.counter, roots.system.counter]
    this.#streamEdges ??= [this.counter, roots.transient.counter, roots.system.counter]
    return this.#streamEdges
  }

  protected override removed (): void {
    this.#table.delete(this.key)
  }
}
