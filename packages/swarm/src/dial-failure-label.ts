import { ConnClosedError } from '@weir/network'
import { SwarmClosedError, SwarmTimeoutError } from './errors.ts'
import { isTimeout } from './is-timeout.ts'

// A cause that leads back to itself must not be followed for ever.
const MAX_CAUSES = 8

/**
 * Why a dial failed, in the few words that Go counts it under.
 *
 * @param signal - of the attempt, which says who gave up
 */
export function dialFailureLabel (cause: unknown, signal: AbortSignal): string {
  const reason: unknown = signal.reason
  if (SwarmTimeoutError.is(cause) || (signal.aborted && isTimeout(reason))) return 'deadline'
  if (signal.aborted) {
    if (SwarmClosedError.is(reason)) return 'canceled: other'
    return ConnClosedError.is(reason) ? 'canceled: concurrent dial successful' : 'application canceled'
  }
  for (const code of codesOf(cause)) {
    if (code === 'ETIMEDOUT') return 'timeout'
    if (code === 'ECONNREFUSED') return 'connection refused'
  }
  return 'other'
}

/** The codes of an error, of its causes, and of the errors that it is made of. */
function * codesOf (error: unknown, depth = 0): Generator<unknown> {
  if (!(error instanceof Error) || depth === MAX_CAUSES) return
  yield (error as { code?: unknown }).code
  yield * codesOf(error.cause, depth + 1)
  if (error instanceof AggregateError) for (const each of error.errors) yield * codesOf(each, depth + 1)
}
