import type { ConcreteLimits } from './concrete-limits.ts'
import type { Limit } from './limit.ts'
import type { PlanNeed, PlanPart } from './plan-part.ts'

/** What one part adds to the worst case. */
export interface PartCost {
  readonly name: string
  readonly bytes: number
}

/** What everything together costs when all limits are reached at once. `Infinity` where a limit is unlimited. */
export interface WorstCase {
  /** Connections and streams that can be open at once. */
  readonly conns: number
  readonly streams: number
  /** Bytes that scopes reserve: the system's memory limit. */
  readonly reservedBytes: number
  /** Bytes that no scope counts, by part. */
  readonly unreserved: readonly PartCost[]
  /** All of these together. */
  readonly totalBytes: number
  /** On top of it, when trusted addresses use all that is set aside for them. */
  readonly allowlistedBytes: number
  readonly fds: number
}

/** Adds up limits and the costs that parts state. */
export function worstCase (limits: ConcreteLimits, parts: readonly PlanPart[]): WorstCase {
  const conns = most(limits.system, 'conns')
  const streams = most(limits.system, 'streams')
  const unreserved = parts.filter(part => part.unreserved !== undefined).map(({ name, unreserved = {}, needs = [] }) => Object.freeze({
    name,
    bytes: (unreserved.fixedBytes ?? 0) + times(unreserved.perConnBytes, conns) + times(unreserved.perStreamBytes, Math.min(streams, streamsInMemory(needs, limits.system)))
  }))
  const perConnBytes = parts.reduce((sum, part) => sum + (part.unreserved?.perConnBytes ?? 0), 0)
  const reservedBytes = limits.system.memoryBytes
  return Object.freeze({
    conns,
    streams,
    reservedBytes,
    unreserved: Object.freeze(unreserved),
    totalBytes: unreserved.reduce((sum, { bytes }) => sum + bytes, reservedBytes),
    // Their streams are the system's like all others: only connections and what those reserve come on top.
    allowlistedBytes: limits.allowlistedSystem.memoryBytes + times(perConnBytes, most(limits.allowlistedSystem, 'conns')),
    fds: parts.reduce((sum, part) => sum + (part.unreserved?.fixedFds ?? 0), limits.system.fd)
  })
}

function most (limit: Limit, resource: 'conns' | 'streams'): number {
  return Math.min(limit[resource], limit[`${resource}Inbound`] + limit[`${resource}Outbound`])
}

/** How many streams find the memory that a part needs for each in the system's scope. */
function streamsInMemory (needs: readonly PlanNeed[], { memoryBytes }: Limit): number {
  const perStream = needs.filter(({ per, scope, resource, atLeast }) => per === 'stream' && scope === 'system' && resource === 'memoryBytes' && atLeast > 0)
  return Math.min(Infinity, ...perStream.map(({ atLeast }) => Math.floor(memoryBytes / atLeast)))
}

function times (bytes: number | undefined, count: number): number {
  return bytes === undefined || bytes === 0 ? 0 : bytes * count // 0 of Infinity is NaN
}
