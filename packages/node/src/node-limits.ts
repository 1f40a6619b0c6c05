import { createConnManager, type WatermarkConnManager } from '@weir/conn-manager'
import type { Clock, ConnManager, PeerRef, ResourceManager } from '@weir/network'
import { createResourceManager, loopLag, machineBudget, memoryPressure, type ResourceManagerState, type ResourcePlan, resourcePlan } from '@weir/resource-manager'
import { NODE_DEFAULTS } from './defaults.ts'
import type { NodeInit } from './node-init.ts'
import { METRICS_PLAN_PART, PLAN_PARTS } from './plan-parts.ts'

/**
 * The plan that a node with this init runs by. Acquires nothing, so that it can be looked at before a node is made.
 *
 * @throws {PlanContradictionError} {LimitConfigError} for limits that cannot hold, or are none
 * @throws {TypeError} {RangeError} for a budget or a part that is none
 */
export function nodePlan ({ limits, budget = machineBudget(), parts = [], metrics }: Pick<NodeInit, 'limits' | 'budget' | 'parts' | 'metrics'> = {}): ResourcePlan {
  const { memoryBytes, numFd, machineMemoryBytes, machineNumFd, ...unknown } = budget
  for (const key of Object.keys(unknown)) throw new TypeError(`createNode does not know the option budget.${key}`)
  return resourcePlan({ memoryBytes, numFd, machineMemoryBytes, machineNumFd, limits, parts: [...PLAN_PARTS, ...metrics === undefined ? [] : [METRICS_PLAN_PART], ...parts] })
}

/** What bounds a node, and what of it the node made itself, which shows more than its interface. */
export interface ManagersForNode {
  readonly plan: ResourcePlan | undefined
  readonly resourceManager: ResourceManager
  readonly ownResourceManager: ResourceManagerState | undefined
  readonly connManager: ConnManager
  readonly ownConnManager: WatermarkConnManager | undefined
}

/**
 * The managers of an init, or new ones by its plan, which are closed with `owned`.
 *
 * @throws as `nodePlan`, and what `connManager.checkLimit` throws when its marks contradict the plan
 */
export function managersFor (init: Omit<NodeInit, 'services'>, parts: ManagerParts, owned: AsyncDisposableStack): ManagersForNode {
  const limits = init.resourceManager === undefined ? ownLimits(init, parts, owned) : { plan: undefined, resourceManager: init.resourceManager, ownResourceManager: undefined }
  const conns = init.connManager === undefined ? ownConns(limits.plan, parts, owned) : { connManager: init.connManager, ownConnManager: undefined }
  if (limits.ownResourceManager !== undefined) conns.connManager.checkLimit(limits.ownResourceManager)
  return { ...limits, ...conns }
}

interface ManagerParts {
  readonly clock: Clock
  readonly isTrusted: (peer: PeerRef) => boolean
}

function ownLimits (init: Omit<NodeInit, 'services'>, { clock }: ManagerParts, owned: AsyncDisposableStack): Pick<ManagersForNode, 'plan' | 'resourceManager' | 'ownResourceManager'> {
  const plan = nodePlan(init)
  // Disposed after the manager that asks them, as the stack goes backwards.
  const signals = [owned.use(memoryPressure({ clock })), owned.use(loopLag({ clock }))]
  const resourceManager = owned.use(createResourceManager({ limits: plan.limits, clock, signals }))
  return { plan, resourceManager, ownResourceManager: resourceManager }
}

function ownConns (plan: ResourcePlan | undefined, { clock, isTrusted }: ManagerParts, owned: AsyncDisposableStack): Pick<ManagersForNode, 'connManager' | 'ownConnManager'> {
  const connManager = owned.use(createConnManager({ ...plan?.watermarks, maxUntrustedInbound: plan === undefined ? Infinity : untrustedPlaces(plan), clock, isTrusted }))
  return { connManager, ownConnManager: connManager }
}

/** Some of the inbound places are for those whom the operator trusts, however many strangers come. */
function untrustedPlaces ({ limits: { system } }: ResourcePlan): number {
  const places = Math.min(system.conns, system.connsInbound)
  return places === Infinity ? Infinity : Math.max(1, places - Math.ceil(places * NODE_DEFAULTS.trustedInboundRatio))
}
