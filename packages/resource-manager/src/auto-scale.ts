import type { ConcreteLimits } from './concrete-limits.ts'
import type { Machine } from './machine.ts'
import { machineBudget } from './machine-budget.ts'
import { scaleLimits } from './scale-limits.ts'
import type { ScalingLimits } from './scaling-limits.ts'

export interface AutoScaleOptions {
  /** What the network may use. @defaultValue an eighth of the machine's */
  readonly memoryBytes?: number | undefined
  /** File descriptors that the network may use. @defaultValue half of the process's */
  readonly numFd?: number | undefined
  /** @defaultValue `defaultScalingLimits` */
  readonly scaling?: ScalingLimits | undefined
  /** @defaultValue this one */
  readonly machine?: Machine | undefined
}

/**
 * Limits for the machine that this runs on.
 *
 * @throws {TypeError} at an option that is not known
 * @throws {RangeError} as `scaleLimits`
 */
export function autoScale ({ memoryBytes, numFd, scaling, machine, ...unknown }: AutoScaleOptions = {}): ConcreteLimits {
  for (const key of Object.keys(unknown)) throw new TypeError(`unknown option ${key} of autoScale`)
  if (memoryBytes !== undefined && numFd !== undefined) return scaleLimits({ memoryBytes, numFd }, scaling)
  const budget = machineBudget(machine)
  return scaleLimits({ memoryBytes: memoryBytes ?? budget.memoryBytes, numFd: numFd ?? budget.numFd }, scaling)
}
