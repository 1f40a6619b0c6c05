import { nodePlan } from '@weir/node'
import { stringifyLimits, toPartialLimits } from '@weir/resource-manager'
import type { CommandContext } from './command-context.ts'
import { type LimitsOptions, readLimits } from './limits-options.ts'
import type { ReportValue } from './report.ts'

/** `weir limits`: the plan that `weir node` runs by when it is told the same. */
export async function commandLimits (options: LimitsOptions, { report }: CommandContext): Promise<void> {
  const plan = nodePlan(await readLimits(options))
  const { budget, watermarks, worstCase } = plan
  const { totalBytes, reservedBytes, allowlistedBytes, fds } = worstCase
  report.tell('limits', {
    memoryBytes: budget.memoryBytes,
    fds: bounded(budget.numFd),
    ...watermarks,
    worstCaseBytes: bounded(totalBytes),
    reservedBytes: bounded(reservedBytes),
    allowlistedBytes: bounded(allowlistedBytes),
    worstCaseFds: bounded(fds),
    limits: JSON.parse(stringifyLimits(toPartialLimits(plan.limits))) as ReportValue
  }, plan.describe().concat(`worst case in bytes: ${bounded(totalBytes)}`))
}

/** JSON has no Infinity. */
function bounded (limit: number): number | 'unlimited' {
  return limit === Infinity ? 'unlimited' : limit
}
