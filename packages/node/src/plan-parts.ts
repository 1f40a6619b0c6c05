import { ADAPTERS_DEFAULTS } from '@weir/adapters'
import { METRICS_SERVER_DEFAULTS } from '@weir/prometheus'
import type { PlanNeed, PlanPart } from '@weir/resource-manager'
import { CONTROL_DEFAULTS, DATA_DIR_DEFAULTS } from './defaults.ts'

const WINDOW: Omit<PlanNeed, 'scope'> = { per: 'stream', resource: 'memoryBytes', atLeast: 262_144, why: 'the first window of a Yamux stream' }

/**
 * What the parts that every node has demand of its limits. Each stream reserves its window in the scope of its peer, and so
 * in the system's; what a connection holds unread below its muxer, and what it has on its way out, is reserved nowhere.
 */
export const PLAN_PARTS: readonly PlanPart[] = Object.freeze([
  {
    name: '@weir/adapters',
    unreserved: { perConnBytes: ADAPTERS_DEFAULTS.maxReadBufferBytes }
  },
  {
    name: '@weir/yamux',
    needs: [{ ...WINDOW, scope: 'peerDefault' }, { ...WINDOW, scope: 'system' }],
    unreserved: { perConnBytes: 196_557 }
  },
  {
    name: '@weir/node',
    unreserved: { fixedFds: 1 + CONTROL_DEFAULTS.maxClients + DATA_DIR_DEFAULTS.rulesFds }
  }
])

/** What the server of the metrics demands, of a node that has one. */
export const METRICS_PLAN_PART: PlanPart = Object.freeze({
  name: '@weir/prometheus',
  unreserved: { fixedFds: 1 + METRICS_SERVER_DEFAULTS.maxConnections }
})
