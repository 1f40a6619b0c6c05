import { applicable, ManualClock, resourceManagerCases } from '@weir/compliance'
import { createResourceManager, NO_RATE_LIMITS, NO_SUBNET_LIMITS } from '../src/index.ts'
import { limiterFor } from './limits-for.ts'

describe('compliance', () => {
  for (const c of applicable(resourceManagerCases, { enforces: true })) {
    it(c.name, () => c.run({
      create: limits => createResourceManager({
        limits: limiterFor(limits),
        subnetLimits: NO_SUBNET_LIMITS,
        rateLimits: NO_RATE_LIMITS,
        clock: new ManualClock(),
        onMisuse () {}
      })
    }))
  }
})
