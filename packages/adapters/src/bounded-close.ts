import type { Clock } from '@weir/network'
import { CloseTimeoutError } from './errors.ts'

/**
 * Runs a graceful end, and gives up on it after a while.
 *
 * @param end - does the work; its signal fires when time is up
 * @param abort - ends at once; called when time is up or the graceful end fails
 */
export async function boundedClose (clock: Clock, timeoutMs: number, end: (signal: AbortSignal) => Promise<void>, abort: (cause: Error) => void): Promise<void> {
  const controller = new AbortController()
  const { promise: expired, resolve } = Promise.withResolvers<void>()
  using _timer = timeoutMs === Infinity
    ? undefined
    : clock.setTimeout(() => {
        const cause = new CloseTimeoutError(timeoutMs)
        controller.abort(cause)
        abort(cause)
        resolve() // what does not listen to its signal is not waited for
      }, timeoutMs)
  const ended = end(controller.signal).catch((error: unknown) => {
    abort(error instanceof Error ? error : new Error('closing failed', { cause: error }))
  })
  await Promise.race([ended, expired])
}
