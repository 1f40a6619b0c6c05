import type { Books } from './books.ts'
import { type Edges, edgesOf, NO_EDGES } from './edges.ts'
import type { Limiter } from './limiter.ts'
import { RootScope } from './root-scope.ts'

/** A system scope, the transient scope below it, and the lists of counts that what is below them is charged to. */
export interface RootPair {
  readonly system: RootScope
  readonly transient: RootScope
  /** Of a peer, a protocol, a service. */
  readonly systemEdges: Edges
  /** Of a connection that has no peer yet. */
  readonly transientEdges: Edges
}

/** The top of the graph. */
export interface Roots {
  readonly standard: RootPair
  /** For trusted addresses that the standard ones refuse. */
  readonly allowlisted: RootPair
}

export function createRoots (books: Books, limiter: Limiter): Roots {
  const pair = (system: RootScope, makeTransient: (edges: Edges) => RootScope): RootPair => {
    const systemEdges = edgesOf(system.counter)
    const transient = makeTransient(systemEdges)
    return { system, transient, systemEdges, transientEdges: edgesOf(transient.counter, system.counter) }
  }
  return {
    standard: pair(
      new RootScope(books, 'system', limiter.systemLimits(), NO_EDGES),
      edges => new RootScope(books, 'transient', limiter.transientLimits(), edges)
    ),
    allowlisted: pair(
      new RootScope(books, 'allowlisted-system', limiter.allowlistedSystemLimits(), NO_EDGES),
      edges => new RootScope(books, 'allowlisted-transient', limiter.allowlistedTransientLimits(), edges)
    )
  }
}
