import { type ScopeId, ZERO_SCOPE_STAT } from '@weir/network'
import type { TraceEvent } from './trace-event.ts'

/** One event as a line of JSON, with the names that Go gives to scopes and fields. @see reference/go-libp2p.md 2.11 */
export function traceLine ({ type, timeMs, scope, priority, delta, deltaInbound, deltaOutbound, stat = ZERO_SCOPE_STAT, limit }: TraceEvent): string {
  const line = {
    Time: new Date(timeMs).toISOString(),
    Type: type,
    Scope: scope && scopeClass(scope),
    Name: scope && traceName(scope),
    Limit: limit === Infinity ? 'unlimited' : limit,
    Priority: priority,
    Delta: delta,
    DeltaIn: deltaInbound,
    DeltaOut: deltaOutbound,
    Memory: stat.memoryBytes,
    StreamsIn: stat.numStreamsInbound,
    StreamsOut: stat.numStreamsOutbound,
    ConnsIn: stat.numConnsInbound,
    ConnsOut: stat.numConnsOutbound,
    FD: stat.numFD
  }
  return `${JSON.stringify(line, (_key, value) => value === 0 ? undefined : value)}\n`
}

const CLASSES: Readonly<Record<string, string>> = Object.freeze({ connection: 'conn', 'allowlisted-system': 'allowlistedSystem', 'allowlisted-transient': 'allowlistedTransient' })

function scopeClass (id: ScopeId): object {
  switch (id.kind) {
    case 'connection': return { Class: 'conn', Conn: traceName(id) }
    case 'stream': return { Class: 'stream', Stream: traceName(id) }
    case 'peer': return { Class: 'peer', Peer: id.peer.toString() }
    case 'service': return { Class: 'service', Service: id.service }
    case 'protocol': return { Class: 'protocol', Protocol: id.protocol }
    case 'service-peer': return { Class: 'service-peer', Service: id.service, Peer: id.peer.toString() }
    case 'protocol-peer': return { Class: 'protocol-peer', Protocol: id.protocol, Peer: id.peer.toString() }
    case 'span': return { ...scopeClass(id.owner), Span: `span-${id.id}` }
    default: return { Class: CLASSES[id.kind] ?? id.kind }
  }
}

function traceName (id: ScopeId): string {
  switch (id.kind) {
    case 'connection': return `conn-${id.id}`
    case 'stream': return `stream-${id.id}`
    case 'peer': return `peer:${id.peer}`
    case 'service': return `service:${id.service}`
    case 'protocol': return `protocol:${id.protocol}`
    case 'service-peer': return `service:${id.service}.peer:${id.peer}`
    case 'protocol-peer': return `protocol:${id.protocol}.peer:${id.peer}`
    case 'span': return `${traceName(id.owner)}.span-${id.id}`
    case 'subnet':
    case 'rate': return `${id.kind}:${id.prefix}`
    default: return CLASSES[id.kind] ?? id.kind
  }
}
