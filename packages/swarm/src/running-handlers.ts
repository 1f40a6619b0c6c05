import { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock } from '@weir/network'

/** Stands for one handler that runs, in the part that it runs in. */
interface Running {
  readonly part: RunningHandlers
}

/**
 * The stream handlers that run, so that a close can wait for them, but not for the one that it is called from: that would wait
 * for itself. A swarm has the whole, each of its connections a part.
 */
export class RunningHandlers {
  readonly #whole: RunningHandlers | undefined
  // Per swarm, since a handler of one may well close another and wait.
  readonly #current: AsyncLocalStorage<Running>
  readonly #awaited = new Set<Running>()
  #onNone: (() => void)[] = []

  constructor (whole?: RunningHandlers) {
    this.#whole = whole
    this.#current = whole === undefined ? new AsyncLocalStorage() : whole.#current
  }

  /** Those that a close would wait for. */
  get size (): number {
    return this.#awaited.size
  }

  async run (handler: () => Promise<void>): Promise<void> {
    const running: Running = { part: this }
    this.#awaited.add(running)
    if (this.#whole !== undefined) this.#whole.#awaited.add(running)
    try {
      await this.#current.run(running, handler)
    } finally {
      this.#forget(running)
      if (this.#whole !== undefined) this.#whole.#forget(running)
    }
  }

  /** Waits until all have returned, at most as long as it may. @returns how many have not */
  async settled (clock: Clock, timeoutMs: number): Promise<number> {
    if (this.#awaited.size > 0) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#onNone.push(resolve)
      using _timer = clock.setTimeout(resolve, timeoutMs)
      await promise
    }
    return this.#awaited.size
  }

  /** Whoever calls this from within a handler is waited for no more, neither here nor in a part. The whole still waits for him. */
  exceptCaller (): void {
    const running = this.#current.getStore()
    if (running === undefined) return
    this.#forget(running)
    if (running.part.#whole === this) running.part.#forget(running) // who closes the swarm may be what a close of his connection waits for
  }

  #forget (running: Running): void {
    if (!this.#awaited.delete(running) || this.#awaited.size > 0) return
    for (const resolve of this.#onNone.splice(0)) resolve()
  }
}
