import { baseLimit } from './base-limit.ts'
import type { ConcreteLimits } from './concrete-limits.ts'
import type { Limit } from './limit.ts'

const UNLIMITED: Limit = baseLimit({
  memoryBytes: Infinity,
  streams: Infinity,
  streamsInbound: Infinity,
  streamsOutbound: Infinity,
  conns: Infinity,
  connsInbound: Infinity,
  connsOutbound: Infinity,
  fd: Infinity
})

/** No limit anywhere: counts, and refuses nothing. @see reference/go-libp2p.md 2.6, "InfiniteLimits" */
export const infiniteLimits: ConcreteLimits = Object.freeze({
  system: UNLIMITED,
  transient: UNLIMITED,
  allowlistedSystem: UNLIMITED,
  allowlistedTransient: UNLIMITED,
  serviceDefault: UNLIMITED,
  service: new Map(),
  servicePeerDefault: UNLIMITED,
  servicePeer: new Map(),
  protocolDefault: UNLIMITED,
  protocol: new Map(),
  protocolPeerDefault: UNLIMITED,
  protocolPeer: new Map(),
  peerDefault: UNLIMITED,
  peer: new Map(),
  conn: UNLIMITED,
  stream: UNLIMITED
})
