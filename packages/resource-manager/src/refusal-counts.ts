import type { Direction, LimitedResource, LocalRefusal, ScopeId } from '@weir/network'

/** How often a kind of scope refused a resource since the manager was made. */
export interface RefusalCount {
  readonly scope: ScopeId['kind']
  readonly resource: LimitedResource
  /** Which of the resource's limits; `undefined` for the total, and for what has no direction. */
  readonly direction: Direction | undefined
  readonly count: number
}

/** Counts refusals, so that nobody has to write a line for each: a flood of them costs one addition each. */
export class RefusalCounts {
  readonly #counts = new Map<ScopeId['kind'], Map<LimitedResource, { inbound: number, outbound: number, total: number }>>()

  // Both keys are of small closed sets, so the maps are bounded.
  count ({ scope: { kind }, resource, direction }: LocalRefusal): void {
    let ofScope = this.#counts.get(kind)
    if (ofScope === undefined) this.#counts.set(kind, ofScope = new Map())
    let ofResource = ofScope.get(resource)
    if (ofResource === undefined) ofScope.set(resource, ofResource = { inbound: 0, outbound: 0, total: 0 })
    if (direction === 'inbound') ofResource.inbound++
    else if (direction === undefined) ofResource.total++
    else ofResource.outbound++
  }

  /** Those that are not zero, in the order in which they first happened. */
  snapshot (): RefusalCount[] {
    return [...this.#counts].flatMap(([scope, ofScope]) => [...ofScope].flatMap(([resource, { inbound, outbound, total }]) => [
      { scope, resource, direction: 'inbound' as const, count: inbound },
      { scope, resource, direction: 'outbound' as const, count: outbound },
      { scope, resource, direction: undefined, count: total }
    ].filter(({ count }) => count > 0)))
  }
}
