import { buildLimits } from './build-limits.ts'
import { checkPlanParts } from './check-plan-parts.ts'
import type { ConcreteLimits } from './concrete-limits.ts'
import { describePlan } from './describe-plan.ts'
import { PlanContradictionError } from './errors.ts'
import { findContradictions, type MachineSize } from './find-contradictions.ts'
import type { Limit } from './limit.ts'
import { mapLimitSet } from './limit-set.ts'
import type { PartialLimits } from './partial-limits.ts'
import type { PlanPart } from './plan-part.ts'
import { checkBudget, type LimitBudget, scaleLimits } from './scale-limits.ts'
import type { ScalingLimits } from './scaling-limits.ts'
import { type Watermarks, watermarksFor } from './watermarks.ts'
import { checkWhole } from './whole-number.ts'
import { type WorstCase, worstCase } from './worst-case.ts'

/** `machineBudget()` gives the first four for this machine. */
export interface ResourcePlanInit extends LimitBudget, MachineSize {
  /** Over what comes of the budget, and not bounded by it. */
  readonly limits?: PartialLimits | undefined
  /** @defaultValue `defaultScalingLimits` */
  readonly scaling?: ScalingLimits | undefined
  /** The demands of the packages that the node is made of. */
  readonly parts?: readonly PlanPart[] | undefined
}

/** From "use this much memory, this many file descriptors" to the limits of a node. Frozen; does nothing by itself. */
export interface ResourcePlan {
  readonly budget: LimitBudget
  /** For `fixedLimiter`. */
  readonly limits: ConcreteLimits
  /** For the connection manager. */
  readonly watermarks: Watermarks
  /** With the demands that the plan was made with. */
  readonly worstCase: WorstCase
  /**
   * Checks further demands, or those of a part that is about to be replaced.
   *
   * @throws {PlanContradictionError} with all that contradicts
   * @throws {TypeError} {RangeError} for demands that are no demands
   */
  check (parts: readonly PlanPart[]): void
  /** Lines for people: limits, watermarks, the worst case in bytes. */
  describe (): string[]
}

const KNOWN: ReadonlyArray<keyof ResourcePlanInit> = Object.freeze(['memoryBytes', 'numFd', 'machineMemoryBytes', 'machineNumFd', 'limits', 'scaling', 'parts'])

/**
 * Makes a plan, and refuses one that contradicts itself.
 *
 * Unlike `scaleLimits`, which never goes below the base of 128 MiB and 256 file descriptors, a plan grants no scope more
 * than its budget, nor more connections than file descriptors. `limits` come after that: what somebody writes down counts.
 *
 * @throws {PlanContradictionError} with all that contradicts
 * @throws {LimitConfigError} for limits that are none
 * @throws {TypeError} at an option or a demand that is not known
 * @throws {RangeError} for a budget or a demand that is no whole number of 0 or more
 */
export function resourcePlan (init: ResourcePlanInit): ResourcePlan {
  for (const key of Object.keys(init)) {
    if (!KNOWN.includes(key as keyof ResourcePlanInit)) throw new TypeError(`unknown option ${key} of a resource plan: known are ${KNOWN.join(', ')}`)
  }
  const { parts = [], machineMemoryBytes, machineNumFd } = init
  checkWhole('machineMemoryBytes', machineMemoryBytes ?? 0, { unlimited: true })
  checkWhole('machineNumFd', machineNumFd ?? 0, { unlimited: true })
  const budget = Object.freeze({ memoryBytes: init.memoryBytes, numFd: init.numFd })
  const limits = buildLimits(init.limits ?? {}, withinBudget(scaleLimits(checkBudget(budget), init.scaling), budget))
  const watermarks = watermarksFor(limits.system)
  const check = (demands: readonly PlanPart[]): void => {
    checkPlanParts(demands)
    const contradictions = findContradictions(limits, demands, { machineMemoryBytes, machineNumFd })
    if (contradictions.length > 0) throw new PlanContradictionError(Object.freeze(contradictions))
  }
  check(parts)
  const worst = worstCase(limits, parts)
  return Object.freeze({ budget, limits, watermarks, worstCase: worst, check, describe: () => describePlan({ budget, limits, watermarks, worst }) })
}

function withinBudget (limits: ConcreteLimits, { memoryBytes, numFd }: LimitBudget): ConcreteLimits {
  const maxFd = numFd === 0 ? Infinity : numFd // 0 is not known, and then the base has to do
  return mapLimitSet(limits, (limit, path): Limit => {
    const maxConns = path === 'system' || path === 'allowlistedSystem' ? maxFd : Infinity
    return Object.freeze({
      ...limit,
      memoryBytes: Math.min(limit.memoryBytes, memoryBytes),
      fd: Math.min(limit.fd, maxFd),
      conns: Math.min(limit.conns, maxConns),
      connsInbound: Math.min(limit.connsInbound, maxConns),
      connsOutbound: Math.min(limit.connsOutbound, maxConns)
    })
  })
}
