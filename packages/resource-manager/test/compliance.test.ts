import { applicable, ManualClock, resourceManagerCases, type ScopeLimits } from '@weir/compliance'
import { ResourceLimitExceededError, type ResourceManager } from '@weir/network'
import { createResourceManager, NO_RATE_LIMITS, NO_SUBNET_LIMITS, type ResourceManagerState } from '../src/index.ts'
import { limiterFor } from './limits-for.ts'

function create (limits: ScopeLimits): ResourceManager & ResourceManagerState {
  return createResourceManager({
    limits: limiterFor(limits),
    subnetLimits: NO_SUBNET_LIMITS,
    rateLimits: NO_RATE_LIMITS,
    clock: new ManualClock(),
    onMisuse () {}
  })
}

/** A policy of somebody's own that keeps ours below it, as examples/04 does: one rule, and everything else handed on. */
function nobodyFromTestNet3 (inner: ResourceManager): ResourceManager {
  return {
    openConnection (direction, usesFd, endpoint) {
      const ip = endpoint.getComponents()[0]?.value ?? ''
      if (ip.startsWith('203.0.113.')) throw new ResourceLimitExceededError({ where: 'local', scope: { kind: 'subnet', prefix: '203.0.113.0/24' }, resource: 'connection', direction, current: 0, attempted: 1, limit: 0 })
      return inner.openConnection(direction, usesFd, endpoint)
    },
    openStream: (peer, direction) => inner.openStream(peer, direction),
    viewSystem: fn => inner.viewSystem(fn),
    viewTransient: fn => inner.viewTransient(fn),
    viewService: (name, fn) => inner.viewService(name, fn),
    viewProtocol: (id, fn) => inner.viewProtocol(id, fn),
    viewPeer: (peer, fn) => inner.viewPeer(peer, fn),
    close: () => inner.close(),
    [Symbol.asyncDispose]: () => inner.close()
  }
}

const SUBJECTS: Readonly<Record<string, (limits: ScopeLimits) => ResourceManager>> = {
  compliance: create,
  'compliance of a view by an owner': limits => create(limits).ownedBy('test'),
  'compliance of a policy of one\'s own around it': limits => nobodyFromTestNet3(create(limits))
}

for (const [name, make] of Object.entries(SUBJECTS)) {
  describe(name, () => {
    for (const c of applicable(resourceManagerCases, { enforces: true })) it(c.name, () => c.run({ create: make }))
  })
}
