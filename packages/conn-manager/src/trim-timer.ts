import type { Clock } from '@weir/network'

export interface TrimTimerInit {
  readonly clock: Clock
  /** The least time between two trims. */
  readonly intervalMs: number
  /** When the last trim was, on the monotonic clock, whoever asked for it. */
  readonly lastTrimMs: () => number | undefined
  readonly isHigh: () => boolean
  readonly trim: () => void
}

/**
 * Trims while there are too many connections, and no sooner than `intervalMs` after the last trim or after the start. A timer
 * is set only as long as there are too many.
 */
export class TrimTimer implements Disposable {
  readonly #init: TrimTimerInit
  /** Of the start, and then of the last time it fired. */
  #lastMs: number
  #timer: Disposable | undefined
  #isDisposed = false

  constructor (init: TrimTimerInit) {
    this.#init = init
    this.#lastMs = init.clock.monotonicMs()
  }

  /** A connection has come. */
  arm (): void {
    const { clock, intervalMs, lastTrimMs, isHigh } = this.#init
    if (this.#isDisposed || this.#timer !== undefined || !isHigh()) return
    const dueMs = Math.max(lastTrimMs() ?? this.#lastMs, this.#lastMs) + intervalMs
    this.#timer = clock.setTimeout(() => { this.#fire() }, Math.max(0, dueMs - clock.monotonicMs()))
  }

  [Symbol.dispose] (): void {
    this.#isDisposed = true
    this.#timer?.[Symbol.dispose]()
    this.#timer = undefined
  }

  #fire (): void {
    const { clock, intervalMs, lastTrimMs, isHigh, trim } = this.#init
    this.#timer = undefined
    const nowMs = clock.monotonicMs()
    const isSilent = nowMs - (lastTrimMs() ?? -Infinity) < intervalMs // somebody asked for one meanwhile
    if (!isSilent) this.#lastMs = nowMs
    if (isHigh() && !isSilent) trim()
    this.arm()
  }
}
