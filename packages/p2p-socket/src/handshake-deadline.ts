import type { Clock, SecureConn } from '@weir/network'
import { HandshakeTimeoutError } from './errors.ts'

export interface HandshakeDeadlineInit {
  readonly conn: Pick<SecureConn, 'abort'>
  readonly clock: Clock
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/** Aborts the connection, and so whatever waits for it, at its time or with the caller's signal. Ended with `using`. */
export class HandshakeDeadline implements Disposable {
  readonly #conn: HandshakeDeadlineInit['conn']
  readonly #signal: AbortSignal | undefined
  readonly #timer: Disposable
  #cause: Error | undefined

  constructor (step: HandshakeTimeoutError['step'], { conn, clock, timeoutMs, signal }: HandshakeDeadlineInit) {
    this.#conn = conn
    this.#signal = signal
    this.#timer = clock.setTimeout(() => { this.#abort(new HandshakeTimeoutError(step, timeoutMs)) }, timeoutMs)
    if (signal?.aborted === true) this.#onSignal()
    else signal?.addEventListener('abort', this.#onSignal)
  }

  /** @throws the timeout or the signal's reason, when it was one of them that ended the connection */
  throwIfAborted (): void {
    if (this.#cause !== undefined) throw this.#cause
  }

  [Symbol.dispose] (): void {
    this.#timer[Symbol.dispose]()
    this.#signal?.removeEventListener('abort', this.#onSignal)
  }

  readonly #onSignal = (): void => { this.#abort(this.#signal?.reason as Error) }

  #abort (cause: Error): void {
    this.#cause ??= cause
    this.#conn.abort(cause)
  }
}
