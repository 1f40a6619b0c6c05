import type { Clock } from '@weir/network'

/** A clock with one timer, turned by hand. */
export class HandClock implements Clock {
  nowMs = 0
  timer: { readonly callback: () => void, readonly delayMs: number } | undefined

  monotonicMs (): number {
    return this.nowMs
  }

  wallMs (): number {
    return this.nowMs
  }

  setTimeout (callback: () => void, delayMs: number): Disposable {
    this.timer = { callback, delayMs }
    return { [Symbol.dispose]: () => { this.timer = undefined } }
  }
}
