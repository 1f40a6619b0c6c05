import { baseLimit } from './base-limit.ts'
import type { ConcreteLimits } from './concrete-limits.ts'
import { defaultScalingLimits } from './default-scaling-limits.ts'
import { SCALING_DEFAULTS } from './defaults.ts'
import type { Limit } from './limit.ts'
import { mapLimitSet } from './limit-set.ts'
import type { LimitIncrease, ScalingLimit, ScalingLimits } from './scaling-limits.ts'
import { checkWhole } from './whole-number.ts'

/** What the network may use. */
export interface LimitBudget {
  readonly memoryBytes: number
  /** File descriptors; 0 when it is not known how many there are, `Infinity` when there is no limit. */
  readonly numFd: number
}

const GIB = 1_073_741_824n

/**
 * Sizes all limits for a budget.
 *
 * Every number is its base plus its increase for the memory *above* 128 MiB, rounded down, so that it never shrinks and
 * never jumps as the budget grows, and the system's memory limit is the budget itself. Below 128 MiB the base counts.
 *
 * Go takes the whole memory in place of the excess: there every limit jumps by an eighth of its increase at 128 MiB, and
 * the system's memory limit is 128 MiB above the budget.
 *
 * @throws {RangeError} for a budget or an increase that is no whole number of 0 or more
 * @throws {LimitConfigError} for a base that is none
 * @see reference/go-libp2p.md 2.7, and 8.2 number 3
 */
export function scaleLimits (budget: LimitBudget, scaling: ScalingLimits = defaultScalingLimits): ConcreteLimits {
  const { memoryBytes, numFd } = checkBudget(budget)
  const extraBytes = BigInt(Math.max(0, memoryBytes - SCALING_DEFAULTS.baseMemoryBytes))
  return mapLimitSet(scaling, (limit, path) => scaleLimit(limit, { extraBytes, numFd, path }))
}

/** @throws {RangeError} when a number of it is no whole number of 0 or more; the descriptors may be `Infinity` */
export function checkBudget (budget: LimitBudget): LimitBudget {
  checkWhole('memoryBytes', budget.memoryBytes)
  checkWhole('numFd', budget.numFd, { unlimited: true })
  return budget
}

function scaleLimit ({ base, perGiB = {} }: ScalingLimit, { extraBytes, numFd, path }: { extraBytes: bigint, numFd: number, path: string }): Limit {
  const grown = (name: Exclude<keyof LimitIncrease, 'fdRatio'>): number => {
    const increase = perGiB[name] ?? 0
    checkWhole(`${path}.perGiB.${name}`, increase)
    // 1 GiB for each GiB, on a machine of a TiB, is beyond what numbers multiply exactly.
    const limit = (base[name] ?? 0) + Number(BigInt(increase) * extraBytes / GIB)
    return limit > Number.MAX_SAFE_INTEGER ? Infinity : limit
  }
  return baseLimit({
    ...base, // for the sake of a field that no limit has: it is reported
    memoryBytes: grown('memoryBytes'),
    streams: grown('streams'),
    streamsInbound: grown('streamsInbound'),
    streamsOutbound: grown('streamsOutbound'),
    conns: grown('conns'),
    connsInbound: grown('connsInbound'),
    connsOutbound: grown('connsOutbound'),
    fd: Math.max(base.fd ?? 0, shareOf(numFd, perGiB.fdRatio ?? 0, path))
  })
}

function shareOf (numFd: number, ratio: number, path: string): number {
  if (!(ratio >= 0 && ratio <= 1)) throw new RangeError(`${path}.perGiB.fdRatio must be 0..1, got ${ratio}`)
  return ratio === 0 ? 0 : Math.floor(ratio * numFd) // 0 of Infinity is NaN
}
