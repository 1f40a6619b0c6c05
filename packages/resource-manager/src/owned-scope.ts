import type { LocalRefusal, ResourceScopeSpan } from '@weir/network'
import type { Edges } from './edges.ts'
import type { Owner } from './owner.ts'
import { Scope } from './scope.ts'

/** A scope at the bottom of the graph, with an end: of a connection or of a stream. Whoever opened it ends it. */
export abstract class OwnedScope extends Scope implements ResourceScopeSpan {
  /** Ends the scope and gives back what it holds. Ending twice is harmless. */
  done (): void {
    this.end()
  }

  [Symbol.dispose] (): void {
    this.done()
  }

  /** Why one of these has no room for all that is counted here. */
  protected refusalBy (edges: Edges): LocalRefusal | undefined {
    for (const edge of edges) {
      const refusal = edge.refusalOf(this.counter)
      if (refusal !== undefined) return refusal
    }
    return undefined
  }

  /** Begins: charges all that is counted here to these. The caller has asked them before. */
  protected begin (edges: Edges, owner: Owner | undefined): void {
    this.edges = edges
    this.record = this.books.track(this, undefined, owner)
    const { trace } = this.books
    trace?.created(this.id)
    trace?.moved(this.counter, this.counter, 1)
    for (const edge of edges) this.addTo(edge)
  }
}
