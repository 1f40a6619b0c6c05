import { ResourceLimitExceededError } from '@weir/network'
import { ConnGatedError } from './errors.ts'

/** Whether a limit or the gater of this node refused, at whatever step. */
export function isOwnDoing (cause: unknown): boolean {
  for (let each = cause; each instanceof Error; each = each.cause) {
    if (ConnGatedError.is(each) || (ResourceLimitExceededError.is(each) && each.where === 'local')) return true
  }
  return false
}

/** Whether a limit of this node refused a connection: what is under way may hold what this one needs. */
export function isOwnLimit (cause: unknown): boolean {
  return ResourceLimitExceededError.is(cause) && cause.where === 'local' && (cause.resource === 'connection' || cause.resource === 'fd')
}
