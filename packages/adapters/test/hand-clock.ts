import type { Clock } from '@weir/network'

interface Timer { readonly atMs: number, readonly callback: () => void }

/** A clock that stands still until it is turned. */
export class HandClock implements Clock {
  #nowMs = 1_000
  readonly #timers = new Set<Timer>()

  /** Timers that are armed. */
  get armed (): number {
    return this.#timers.size
  }

  monotonicMs (): number { return this.#nowMs }
  wallMs (): number { return this.#nowMs }

  setTimeout (callback: () => void, delayMs: number): Disposable {
    const timer = { atMs: this.#nowMs + delayMs, callback }
    this.#timers.add(timer)
    return { [Symbol.dispose]: () => { this.#timers.delete(timer) } }
  }

  /** Lets time pass, and lets what waited for it run. */
  async turn (ms: number): Promise<void> {
    const until = this.#nowMs + ms
    while (true) {
      let next: Timer | undefined
      for (const timer of this.#timers) if (timer.atMs <= until && (next === undefined || timer.atMs < next.atMs)) next = timer
      if (next === undefined) break
      this.#timers.delete(next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.callback()
      await settled()
    }
    this.#nowMs = until
    await settled()
  }
}

/** Everything that can go on without new input has gone on. */
export function settled (): Promise<void> {
  return new Promise(resolve => { setImmediate(() => { setImmediate(() => { setImmediate(resolve) }) }) })
}
