import { type Clock, nullConnManager } from '@weir/network'
import { createResourceManager, loopLag, machineBudget, memoryPressure, type ResourcePlan, resourcePlan } from '@weir/resource-manager'
import type { Node } from './node.ts'
import type { NodeInit } from './node-init.ts'
import { PLAN_PARTS } from './plan-parts.ts'

/**
 * The plan that a node with this init runs by. Acquires nothing, so that it can be looked at before a node is made.
 *
 * @throws {PlanContradictionError} {LimitConfigError} for limits that cannot hold, or are none
 * @throws {TypeError} {RangeError} for a budget or a part that is none
 */
export function nodePlan ({ limits, budget = machineBudget(), parts = [] }: Pick<NodeInit, 'limits' | 'budget' | 'parts'> = {}): ResourcePlan {
  const { memoryBytes, numFd, machineMemoryBytes, machineNumFd, ...unknown } = budget
  for (const key of Object.keys(unknown)) throw new TypeError(`createNode does not know the option budget.${key}`)
  return resourcePlan({ memoryBytes, numFd, machineMemoryBytes, machineNumFd, limits, parts: [...PLAN_PARTS, ...parts] })
}

/**
 * The resource manager of an init, or a new one by its plan, which is closed with `owned`.
 *
 * @throws as `nodePlan`, and what `connManager.checkLimit` throws when its marks contradict the plan
 */
export function managerFor (init: Omit<NodeInit, 'services'>, clock: Clock, owned: AsyncDisposableStack): Pick<Node, 'plan' | 'resourceManager'> {
  const { resourceManager, connManager = nullConnManager } = init
  if (resourceManager !== undefined) return { plan: undefined, resourceManager }
  const plan = nodePlan(init)
  // Disposed after the manager that asks them, as the stack goes backwards.
  const signals = [owned.use(memoryPressure({ clock })), owned.use(loopLag({ clock }))]
  const manager = owned.use(createResourceManager({ limits: plan.limits, clock, signals }))
  connManager.checkLimit(manager)
  return { plan, resourceManager: manager }
}
