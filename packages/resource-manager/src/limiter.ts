import type { PeerRef, ProtocolID } from '@weir/network'
import type { Limit } from './limit.ts'

/** Where a resource manager gets the limit of each scope from: asked once, when the scope is made. */
export interface Limiter {
  systemLimits (): Limit
  transientLimits (): Limit
  allowlistedSystemLimits (): Limit
  allowlistedTransientLimits (): Limit
  serviceLimits (name: string): Limit
  servicePeerLimits (name: string): Limit
  protocolLimits (id: ProtocolID): Limit
  protocolPeerLimits (id: ProtocolID): Limit
  peerLimits (peer: PeerRef): Limit
  streamLimits (peer: PeerRef): Limit
  connLimits (): Limit
}
