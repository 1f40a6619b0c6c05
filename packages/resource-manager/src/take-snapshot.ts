import type { Counter } from './counter.ts'
import { largest } from './largest.ts'
import type { Limit } from './limit.ts'
import type { RateLimiter } from './rate-limiter.ts'
import type { NamedScopeSnapshot, ResourceSnapshot, ScopeSnapshot, SnapshotOptions } from './resource-snapshot.ts'
import type { ScopeGraph } from './scope-graph.ts'

/**
 * Writes down the state of a manager. The counts are there already: nothing is added up.
 *
 * @throws {TypeError} at an option that is not known
 * @throws {RangeError} when `top` is no whole number of 0 or more
 */
export function takeSnapshot (graph: ScopeGraph, rates: RateLimiter, { level = 'totals', top = 0, ...unknown }: SnapshotOptions): ResourceSnapshot {
  for (const key of Object.keys(unknown)) throw new TypeError(`snapshot does not know the option ${key}`)
  if (level !== 'totals' && level !== 'services' && level !== 'all') throw new TypeError(`the level of a snapshot is totals, services or all, got ${level}`)
  if (!Number.isSafeInteger(top) || top < 0) throw new RangeError(`top must be a whole number of 0 or more, got ${top}`)
  const { books, roots: { standard, allowlisted }, peers, protocols, services, allowlist, subnets } = graph
  return {
    takenAtMs: books.clock.wallMs(),
    system: scopeSnapshot(standard.system.counter),
    transient: scopeSnapshot(standard.transient.counter),
    allowlistedSystem: scopeSnapshot(allowlisted.system.counter),
    allowlistedTransient: scopeSnapshot(allowlisted.transient.counter),
    numPeers: peers.size,
    numProtocols: protocols.size,
    numServices: services.size,
    numAllowlistEntries: allowlist.size,
    numSubnets: subnets.numSubnets,
    numRateBuckets: rates.numBuckets,
    peerUse: books.peerUse.snapshot(),
    refusals: books.refusals.snapshot(),
    misuse: books.misuse.counts(),
    pressure: books.pressure.signals.map(({ name, level, value, thresholds: { elevated, critical } }) => ({ name, level, value, thresholds: { elevated, critical } })),
    traceEventsDropped: books.traceEventsDropped,
    largestPeers: top === 0 ? [] : largest(peers.values(), top, compareUse).map(scope => namedSnapshot(scope.key, scope.counter)),
    services: level !== 'totals' ? Array.from(services, ([name, { counter }]) => namedSnapshot(name, counter)) : undefined,
    protocols: level !== 'totals' ? Array.from(protocols, ([name, { counter }]) => namedSnapshot(name, counter)) : undefined,
    peers: level === 'all' ? Array.from(peers, ([name, { counter }]) => namedSnapshot(name, counter)) : undefined
  }
}

function compareUse ({ counter: a }: { readonly counter: Counter }, { counter: b }: { readonly counter: Counter }): number {
  return a.memoryBytes - b.memoryBytes || a.streams - b.streams || a.conns - b.conns
}

function namedSnapshot (name: string, counter: Counter): NamedScopeSnapshot {
  return { name, ...scopeSnapshot(counter) }
}

function scopeSnapshot (counter: Counter): ScopeSnapshot {
  const stat = counter.stat()
  const { memoryBytes, streams, streamsInbound, streamsOutbound, conns, connsInbound, connsOutbound, fd } = counter.limit // copied: it may have getters
  const limit: Limit = { memoryBytes, streams, streamsInbound, streamsOutbound, conns, connsInbound, connsOutbound, fd }
  return {
    stat,
    limit,
    percent: {
      memoryBytes: percentOf(stat.memoryBytes, memoryBytes),
      streams: percentOf(counter.streams, streams),
      streamsInbound: percentOf(stat.numStreamsInbound, streamsInbound),
      streamsOutbound: percentOf(stat.numStreamsOutbound, streamsOutbound),
      conns: percentOf(counter.conns, conns),
      connsInbound: percentOf(stat.numConnsInbound, connsInbound),
      connsOutbound: percentOf(stat.numConnsOutbound, connsOutbound),
      fd: percentOf(stat.numFD, fd)
    }
  }
}

function percentOf (used: number, limit: number): number {
  return limit === Infinity ? 0 : limit === 0 ? 100 : 100 * used / limit
}
