/** Time, injected, so that tests turn it by hand. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. Deadlines and durations are on this one. */
  monotonicMs (): number
  /** Milliseconds since 1970; may jump. For people and for what is stored. */
  wallMs (): number
  /** Calls back once, unless the result is disposed before. Keeps no process alive. */
  setTimeout (callback: () => void, delayMs: number): Disposable
}

// Longer delays overflow in the runtime and would fire at once.
const MAX_TIMER_DELAY_MS = 2 ** 31 - 1

/** The time of this machine. */
export const systemClock: Clock = Object.freeze({
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimeout (callback: () => void, delayMs: number): Disposable {
    const timer = setTimeout(callback, Math.min(delayMs, MAX_TIMER_DELAY_MS))
    timer.unref()
    return timer
  }
})
