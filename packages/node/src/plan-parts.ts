import { ADAPTERS_DEFAULTS } from '@weir/adapters'
import type { PlanNeed, PlanPart } from '@weir/resource-manager'

const WINDOW: Omit<PlanNeed, 'scope'> = { per: 'stream', resource: 'memoryBytes', atLeast: 262_144, why: 'the first window of a Yamux stream' }

/**
 * What the parts that every node has demand of its limits. Each stream reserves its window in the scope of its peer, and so
 * in the system's; what a connection holds unread is reserved nowhere.
 */
export const PLAN_PARTS: readonly PlanPart[] = Object.freeze([
  {
    name: '@weir/adapters',
    needs: [{ ...WINDOW, scope: 'peerDefault' }, { ...WINDOW, scope: 'system' }],
    unreserved: { perConnBytes: ADAPTERS_DEFAULTS.maxReadBufferBytes }
  }
])
