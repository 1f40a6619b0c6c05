import { checkLimit } from './base-limit.ts'
import type { ConcreteLimits } from './concrete-limits.ts'
import { mapLimitSet } from './limit-set.ts'
import type { Limiter } from './limiter.ts'

/**
 * A limiter that answers from a table. The limits are handed on as they are: one that is an object with getters stays a
 * dynamic policy.
 *
 * @throws {LimitConfigError} when a limit is neither a whole number of 0 or more nor `Infinity`: NaN would refuse nothing
 */
export function fixedLimiter (limits: ConcreteLimits): Limiter {
  const { system, transient, allowlistedSystem, allowlistedTransient, service, serviceDefault, servicePeer, servicePeerDefault, protocol, protocolDefault, protocolPeer, protocolPeerDefault, peer, peerDefault, conn, stream } = mapLimitSet(limits, checkLimit)
  return Object.freeze({
    systemLimits: () => system,
    transientLimits: () => transient,
    allowlistedSystemLimits: () => allowlistedSystem,
    allowlistedTransientLimits: () => allowlistedTransient,
    serviceLimits: name => service.get(name) ?? serviceDefault,
    servicePeerLimits: name => servicePeer.get(name) ?? servicePeerDefault,
    protocolLimits: id => protocol.get(id) ?? protocolDefault,
    protocolPeerLimits: id => protocolPeer.get(id) ?? protocolPeerDefault,
    peerLimits: ref => peer.get(ref.toString()) ?? peerDefault,
    streamLimits: () => stream,
    connLimits: () => conn
  } satisfies Limiter)
}
