import { ManualClock, sampleAddr } from '@weir/compliance'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { type PeerRef, type ResourceManager, ResourceLimitExceededError, type LocalResourceLimitExceededError, type ScopeStat, ZERO_SCOPE_STAT, type ResourceScope } from '@weir/network'
import assert from 'node:assert/strict'
import { createResourceManager, NO_RATE_LIMITS, NO_SUBNET_LIMITS, type ResourceManagerInit, type ResourceManagerState } from '../src/index.ts'
import { limiterFor } from './limits-for.ts'

export interface TestManager {
  readonly manager: ResourceManager & ResourceManagerState
  readonly clock: ManualClock
}

/** A manager with nothing but the limits that a test names, and time turned by hand. */
export function managerFor (init: ResourceManagerInit = {}): TestManager {
  const clock = new ManualClock()
  return { clock, manager: createResourceManager({ limits: limiterFor(), subnetLimits: NO_SUBNET_LIMITS, rateLimits: NO_RATE_LIMITS, clock, ...init }) }
}

export const anyAddr: Multiaddr = sampleAddr(1)

/** A connection's address, of an IP of either version or an address as it is. */
export function addrOf (text: string): Multiaddr {
  return multiaddr(text.startsWith('/') ? text : `/${text.includes(':') ? 'ip6' : 'ip4'}/${text}/tcp/4001`)
}

export function namedPeer (name: string): PeerRef {
  return { type: 'test', toString: () => name }
}

/** What is in use in a scope, without what is not. */
export function used (scope: ResourceScope): Partial<ScopeStat> {
  return Object.fromEntries(Object.entries(scope.stat()).filter(([key, value]) => value !== ZERO_SCOPE_STAT[key as keyof ScopeStat]))
}

/** What somebody was refused with. */
export function refusalOf (attempt: () => unknown): LocalResourceLimitExceededError {
  try {
    attempt()
  } catch (error) {
    if (ResourceLimitExceededError.is(error) && error.where === 'local') return error
    throw error
  }
  return assert.fail('was not refused')
}
