import type { Clock } from '@weir/network'

/** Time that stands still; timers are run one by one, so that each can be measured. */
export class HandClock implements Clock {
  readonly #timers: { readonly dueMs: number, readonly callback: () => void }[] = []
  #nowMs = 0

  monotonicMs (): number {
    return this.#nowMs
  }

  wallMs (): number {
    return this.#nowMs
  }

  setTimeout (callback: () => void, delayMs: number): Disposable {
    const timer = { dueMs: this.#nowMs + delayMs, callback }
    this.#timers.push(timer)
    return { [Symbol.dispose]: () => { this.#remove(timer) } }
  }

  advance (ms: number): void {
    this.#nowMs += ms
  }

  /** The callback of a timer that is due, which is set no more. */
  takeDue (): (() => void) | undefined {
    const timer = this.#timers.find(({ dueMs }) => dueMs <= this.#nowMs)
    if (timer !== undefined) this.#remove(timer)
    return timer?.callback
  }

  #remove (timer: { readonly dueMs: number, readonly callback: () => void }): void {
    const index = this.#timers.indexOf(timer)
    if (index !== -1) this.#timers.splice(index, 1)
  }
}
