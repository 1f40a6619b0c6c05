import type { Direction, LimitedResource, LocalRefusal, ScopeId } from '@weir/network'

/** How often a kind of scope refused a resource since the manager was made. */
export interface RefusalCount {
  readonly scope: ScopeId['kind']
  readonly resource: LimitedResource
  /** Which of the resource's limits; `undefined` for the total, and for what has no direction. */
  readonly direction: Direction | undefined
  readonly count: number
}

interface Counts {
  inbound: number
  outbound: number
  total: number
}

/** Counts refusals, so that nobody has to write a line for each: a flood of them costs one addition each. */
export class RefusalCounts {
  // Both keys are of small closed sets, so the maps are bounded.
  readonly #counts = new Map<ScopeId['kind'], Map<LimitedResource, Counts>>()

  count ({ scope, resource, direction }: LocalRefusal): void {
    const counts = this.#counts.get(scope.kind)?.get(resource) ?? this.#add(scope.kind, resource)
    if (direction === 'inbound') counts.inbound++
    else if (direction === undefined) counts.total++
    else counts.outbound++
  }

  /** Those that are not zero, in the order in which they first happened. */
  snapshot (): RefusalCount[] {
    return [...this.#counts].flatMap(([scope, ofScope]) => [...ofScope].flatMap(([resource, { inbound, outbound, total }]) => [
      { scope, resource, direction: 'inbound' as const, count: inbound },
      { scope, resource, direction: 'outbound' as const, count: outbound },
      { scope, resource, direction: undefined, count: total }
    ].filter(({ count }) => count > 0)))
  }

  #add (kind: ScopeId['kind'], resource: LimitedResource): Counts {
    const counts: Counts = { inbound: 0, outbound: 0, total: 0 }
    const ofScope = this.#counts.get(kind) ?? new Map<LimitedResource, Counts>()
    ofScope.set(resource, counts)
    this.#counts.set(kind, ofScope)
    return counts
  }
}
