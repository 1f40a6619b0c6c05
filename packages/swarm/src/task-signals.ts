import type { Clock } from '@weir/network'
import { SwarmTimeoutError } from './errors.ts'

/** The signal of one task, ended with `using`. */
export interface TaskSignal extends Disposable {
  readonly signal: AbortSignal
}

/** Signals for what is under way: each ends with its timeout, with those it follows, and with all others at once. */
export class TaskSignals {
  readonly #clock: Clock
  readonly #open = new Set<AbortController>()

  constructor (clock: Clock) {
    this.#clock = clock
  }

  get size (): number {
    return this.#open.size
  }

  open (what: string, timeoutMs: number, ...follows: readonly (AbortSignal | undefined)[]): TaskSignal {
    const controller = new AbortController()
    const stack = new DisposableStack()
    this.#open.add(controller)
    stack.defer(() => { this.#open.delete(controller) })
    stack.use(this.#clock.setTimeout(() => { controller.abort(new SwarmTimeoutError(what, timeoutMs)) }, timeoutMs))
    for (const signal of follows) {
      if (signal === undefined) continue
      const onAbort = (): void => { controller.abort(signal.reason) }
      if (signal.aborted) onAbort()
      else signal.addEventListener('abort', onAbort)
      stack.defer(() => { signal.removeEventListener('abort', onAbort) })
    }
    return { signal: controller.signal, [Symbol.dispose]: () => { stack.dispose() } }
  }

  abortAll (reason: Error): void {
    for (const controller of [...this.#open]) controller.abort(reason)
  }
}
