import type { LimitedScope, ScopeLimit, ScopeLimits } from '@weir/compliance'
import type { Limit, Limiter } from '../src/index.ts'

/** A limit with no other bound than those named. */
export function limitOf (given: Partial<Limit> = {}): Limit {
  return { memoryBytes: Infinity, streams: Infinity, streamsInbound: Infinity, streamsOutbound: Infinity, conns: Infinity, connsInbound: Infinity, connsOutbound: Infinity, fd: Infinity, ...given }
}

/** A limiter for tests: what is not named has no limit. The allowlisted scopes have none unless named too. */
export function limiterFor (limits: ScopeLimits & { readonly 'allowlisted-system'?: ScopeLimit, readonly 'allowlisted-transient'?: ScopeLimit } = {}): Limiter {
  const of = (scope: LimitedScope | 'allowlisted-system' | 'allowlisted-transient'): Limit => {
    const { fds, ...rest } = limits[scope] ?? {}
    const given = Object.fromEntries(Object.entries({ ...rest, fd: fds }).filter(([, value]) => value !== undefined))
    return limitOf(given)
  }
  return {
    systemLimits: () => of('system'),
    transientLimits: () => of('transient'),
    allowlistedSystemLimits: () => of('allowlisted-system'),
    allowlistedTransientLimits: () => of('allowlisted-transient'),
    serviceLimits: () => of('service'),
    servicePeerLimits: () => of('service-peer'),
    protocolLimits: () => of('protocol'),
    protocolPeerLimits: () => of('protocol-peer'),
    peerLimits: () => of('peer'),
    streamLimits: () => of('stream'),
    connLimits: () => of('connection')
  }
}
