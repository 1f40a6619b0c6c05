import { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock } from '@weir/network'

/** Stands for one handler that runs. */
type Running = symbol

/**
 * The stream handlers that run, so that a close can wait for them, but not for the one that it is called from: that would wait
 * for itself.
 */
export class RunningHandlers {
  // Per instance, since a handler of one swarm may well close another and wait.
  readonly #current = new AsyncLocalStorage<Running>()
  readonly #awaited = new Set<Running>()
  #onNone: (() => void)[] = []

  /** Those that a close would wait for. */
  get size (): number {
    return this.#awaited.size
  }

  async run (handler: () => Promise<void>): Promise<void> {
    const running: Running = Symbol('handler')
    this.#awaited.add(running)
    try {
      await this.#current.run(running, handler)
    } finally {
      this.#forget(running)
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

  /** Whoever calls this from within a handler is waited for no more. */
  exceptCaller (): void {
    const running = this.#current.getStore()
    if (running !== undefined) this.#forget(running)
  }

  #forget (running: Running): void {
    if (!this.#awaited.delete(running) || this.#awaited.size > 0) return
    for (const resolve of this.#onNone.splice(0)) resolve()
  }
}
