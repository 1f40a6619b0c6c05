import type { ScopeId } from '@weir/network'
import type { Books } from './books.ts'
import type { Edges } from './edges.ts'
import type { Limit } from './limit.ts'
import { Scope } from './scope.ts'

export type RootKind = 'system' | 'transient' | 'allowlisted-system' | 'allowlisted-transient'

/**
 * One of the four scopes that are always there: the system, what is not established yet (transient), and their twins for
 * trusted addresses, which have room of their own when the first two are full.
 *
 * @see reference/go-libp2p.md 2.1, 2.8
 */
export class RootScope extends Scope {
  readonly id: ScopeId
  readonly #trusted: boolean

  constructor (books: Books, kind: RootKind, limit: Limit, edges: Edges) {
    super(books, limit, edges)
    this.id = { kind }
    this.#trusted = kind.startsWith('allowlisted')
    books.trace?.created(this.id)
  }

  override get isTrusted (): boolean {
    return this.#trusted
  }
}
