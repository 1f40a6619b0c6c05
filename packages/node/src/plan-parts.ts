import { ADAPTERS_DEFAULTS } from '@weir/adapters'
import type { PlanNeed, PlanPart } from '@weir/resource-manager'

const YAMUX_INITIAL_WINDOW_BYTES = 262_144

const STREAM: Omit<PlanNeed, 'scope'> = {
  per: 'stream',
  resource: 'memoryBytes',
  atLeast: YAMUX_INITIAL_WINDOW_BYTES + ADAPTERS_DEFAULTS.maxReadBufferBytes,
  why: 'the first window and the read buffer of a Yamux stream'
}

/**
 * What the parts that every node has demand of its limits. Each stream reserves its window and its read buffer in the scope of its peer, and so
 * in the system's; what a connection holds unread is reserved nowhere.
 */
export const PLAN_PARTS: readonly PlanPart[] = Object.freeze([
  {
    name: '@weir/adapters',
    needs: [{ ...STREAM, scope: 'peerDefault' }, { ...STREAM, scope: 'system' }],
    unreserved: { perConnBytes: ADAPTERS_DEFAULTS.maxReadBufferBytes }
  }
])
