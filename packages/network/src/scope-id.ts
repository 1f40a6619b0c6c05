import type { PeerRef } from './peer-ref.ts'
import type { ProtocolID } from './protocol-id.ts'

/**
 * Which scope, as a value. Text is made of it for people only; nothing parses it back.
 *
 * `rate` and `subnet` are the doors in front of the scopes: they refuse too, and name themselves the same way.
 */
export type ScopeId =
  | { readonly kind: 'system' | 'transient' | 'allowlisted-system' | 'allowlisted-transient' }
  | { readonly kind: 'service', readonly service: string }
  | { readonly kind: 'protocol', readonly protocol: ProtocolID }
  | { readonly kind: 'peer', readonly peer: PeerRef }
  | { readonly kind: 'service-peer', readonly service: string, readonly peer: PeerRef }
  | { readonly kind: 'protocol-peer', readonly protocol: ProtocolID, readonly peer: PeerRef }
  | { readonly kind: 'connection' | 'stream', readonly id: number }
  | { readonly kind: 'span', readonly owner: ScopeId, readonly id: number }
  | { readonly kind: 'subnet' | 'rate', readonly prefix: string }

/** A scope's name for people, such as `peer 12D3…` or `protocol /ipfs/ping/1.0.0 of peer 12D3…`. */
export function scopeName (id: ScopeId): string {
  switch (id.kind) {
    case 'service': return `service ${id.service}`
    case 'protocol': return `protocol ${id.protocol}`
    case 'peer': return `peer ${id.peer}`
    case 'service-peer': return `service ${id.service} of peer ${id.peer}`
    case 'protocol-peer': return `protocol ${id.protocol} of peer ${id.peer}`
    case 'connection':
    case 'stream': return `${id.kind} ${id.id}`
    case 'span': return `span ${id.id} of ${scopeName(id.owner)}`
    case 'subnet':
    case 'rate': return `${id.kind} ${id.prefix}`
    default: return id.kind
  }
}
