import type { Deadline, DeadlineTimer } from '@weir/adapters'
import { KeepAliveTimeoutError } from './errors.ts'

export interface KeepAliveInit {
  readonly timer: DeadlineTimer
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly ping: () => void
  /** The connection is dead. */
  readonly fail: (cause: Error) => void
}

/**
 * Asks a remote that was silent for a while whether it is there, and fails the connection when nothing comes. Whatever comes
 * is a sign of life, and costs no more than a number.
 */
export class KeepAlive implements Deadline {
  atMs: number
  readonly #init: KeepAliveInit
  #heardMs: number
  #askedMs: number | undefined

  constructor (init: KeepAliveInit) {
    this.#init = init
    this.#heardMs = init.timer.nowMs()
    this.atMs = this.#heardMs + init.intervalMs
    init.timer.add(this)
  }

  /** Something came. */
  heard (nowMs: number): void {
    this.#heardMs = nowMs
  }

  expire (): void {
    const { intervalMs, timeoutMs, timer } = this.#init
    const nowMs = timer.nowMs()
    if (this.#askedMs !== undefined && this.#heardMs < this.#askedMs) {
      this.#init.fail(new KeepAliveTimeoutError(timeoutMs))
      return
    }
    if (this.#heardMs + intervalMs > nowMs) {
      this.#askedMs = undefined
      this.atMs = this.#heardMs + intervalMs
    } else {
      this.#askedMs = nowMs
      this.atMs = nowMs + timeoutMs
      this.#init.ping()
    }
    timer.add(this)
  }

  end (): void {
    this.#init.timer.delete(this)
  }
}
