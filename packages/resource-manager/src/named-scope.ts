import type { Books } from './books.ts'
import type { Edges } from './edges.ts'
import type { Collectable } from './idle-scopes.ts'
import type { Limit } from './limit.ts'
import type { PeerUse } from './peer-use.ts'
import { Scope } from './scope.ts'
import type { TokenBucket } from './token-bucket.ts'

/**
 * A scope that is made when somebody first asks for it by name, and collected some time after its last use: of a peer, a
 * protocol, a service.
 */
export abstract class NamedScope extends Scope implements Collectable {
  /** How fast its inbound streams may be opened. */
  readonly streamRate: TokenBucket | undefined
  isListed = false

  constructor (books: Books, limit: Limit, edges: Edges, streamRate: TokenBucket | undefined, use?: PeerUse) {
    super(books, limit, edges, use)
    this.streamRate = streamRate
    books.idle.list(this)
  }

  get isRecovering (): boolean {
    return this.streamRate !== undefined && !this.streamRate.isFull(this.books.clock.monotonicMs())
  }

  override onZero (): void {
    if (this.isUnused) this.books.idle.list(this)
  }

  collect (): void {
    if (this.end()) this.removed()
  }

  /** Takes the scope out of its table. */
  protected abstract removed (): void
}
