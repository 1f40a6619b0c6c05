import type { Books } from './books.ts'
import type { Counter } from './counter.ts'
import type { Collectable } from './idle-scopes.ts'
import type { Limit } from './limit.ts'
import { Scope } from './scope.ts'

/**
 * A scope that is made when somebody first asks for it by name, and collected some time after its last use: of a peer, a
 * protocol, a service.
 */
export abstract class NamedScope extends Scope implements Collectable {
  isListed = false

  constructor (books: Books, limit: Limit, edges: readonly Counter[]) {
    super(books, limit, edges)
    books.idle.list(this)
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
