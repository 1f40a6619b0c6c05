import type { ScalingLimits } from '../src/scaling-limits.ts'

/** Blocks everything at any size: to be spread over, as Go's empty `ScalingLimitConfig`. */
export const zeroScaling: ScalingLimits = Object.freeze({
  system: { base: {} },
  transient: { base: {} },
  allowlistedSystem: { base: {} },
  allowlistedTransient: { base: {} },
  serviceDefault: { base: {} },
  service: new Map(),
  servicePeerDefault: { base: {} },
  servicePeer: new Map(),
  protocolDefault: { base: {} },
  protocol: new Map(),
  protocolPeerDefault: { base: {} },
  protocolPeer: new Map(),
  peerDefault: { base: {} },
  peer: new Map(),
  conn: { base: {} },
  stream: { base: {} }
})
