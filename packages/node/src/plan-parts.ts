import { ADAPTERS_DEFAULTS } from '@weir/adapters'
import { METRICS_SERVER_DEFAULTS } from '@weir/prometheus'
import type { PlanPart } from '@weir/resource-manager'
import { YAMUX_DEMANDS } from '@weir/yamux'
import { CONTROL_DEFAULTS, DATA_DIR_DEFAULTS } from './defaults.ts'

/** What the parts that every node has demand of its limits. What a connection holds unread below its muxer is reserved nowhere. */
export const PLAN_PARTS: readonly PlanPart[] = Object.freeze([
  YAMUX_DEMANDS,
  { name: '@weir/adapters', unreserved: { perConnBytes: ADAPTERS_DEFAULTS.maxReadBufferBytes } },
  { name: '@weir/node', unreserved: { fixedFds: 1 + CONTROL_DEFAULTS.maxClients + DATA_DIR_DEFAULTS.rulesFds } }
])

/** What the server of the metrics demands, of a node that has one. */
export const METRICS_PLAN_PART: PlanPart = Object.freeze({
  name: '@weir/prometheus',
  unreserved: { fixedFds: 1 + METRICS_SERVER_DEFAULTS.maxConnections }
})
