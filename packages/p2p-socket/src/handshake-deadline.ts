import type { Clock } from '@weir/network'
import { HandshakeTimeoutError } from './errors.ts'

/** Aborts with its timeout or with the caller's signal, whichever is first. Ended with `using`. */
export class HandshakeDeadline implements Disposable {
  readonly #stack = new DisposableStack()
  readonly signal: AbortSignal

  constructor (step: HandshakeTimeoutError['step'], { clock, timeoutMs, signal }: { clock: Clock, timeoutMs: number, signal?: AbortSignal | undefined }) {
    const controller = new AbortController()
    this.signal = controller.signal
    this.#stack.use(clock.setTimeout(() => { controller.abort(new HandshakeTimeoutError(step, timeoutMs)) }, timeoutMs))
    if (signal === undefined) return
    const onAbort = (): void => { controller.abort(signal.reason) }
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort)
    this.#stack.defer(() => { signal.removeEventListener('abort', onAbort) })
  }

  [Symbol.dispose] (): void {
    this.#stack.dispose()
  }
}
