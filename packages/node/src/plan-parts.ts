import { ADAPTERS_DEFAULTS } from '@weir/adapters'
import type { PlanPart } from '@weir/resource-manager'
import { YAMUX_DEMANDS } from '@weir/yamux'
import { CONTROL_DEFAULTS, DATA_DIR_DEFAULTS } from './defaults.ts'

/** What the parts that every node has demand of its limits. What a connection holds unread below its muxer is reserved nowhere. */
export const PLAN_PARTS: readonly PlanPart[] = Object.freeze([
  YAMUX_DEMANDS,
  { name: '@weir/adapters', unreserved: { perConnBytes: ADAPTERS_DEFAULTS.maxReadBufferBytes } },
  { name: '@weir/node', unreserved: { fixedFds: 1 + CONTROL_DEFAULTS.maxClients + DATA_DIR_DEFAULTS.rulesFds } }
])
