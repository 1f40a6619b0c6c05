import type { PressureLevel, PressureThresholds } from './pressure-signal.ts'

export interface HysteresisInit {
  readonly thresholds: PressureThresholds
  /** A level ends when the value falls below this share of its threshold: less than 1, so that it does not flap. */
  readonly leaveRatio: number
  /** How many measurements in a row must agree: a single one proves nothing. */
  readonly window: number
}

/**
 * Makes a level of a row of measurements. It goes by the smallest of the last few: what garbage or a pause of the
 * collector adds to some of them does not count.
 */
export class Hysteresis {
  readonly #init: HysteresisInit
  readonly #last: number[] = []
  #level: PressureLevel = 'normal'
  #floor = 0

  constructor (init: HysteresisInit) {
    this.#init = init
  }

  get level (): PressureLevel {
    return this.#level
  }

  /** The smallest of the last measurements; 0 until there are enough. */
  get floor (): number {
    return this.#floor
  }

  add (value: number): void {
    const { window, thresholds: { elevated, critical }, leaveRatio } = this.#init
    this.#last.push(value)
    if (this.#last.length > window) this.#last.shift()
    if (this.#last.length < window) return
    const floor = Math.min(...this.#last)
    this.#floor = floor
    if (floor >= critical || (this.#level === 'critical' && floor >= critical * leaveRatio)) this.#level = 'critical'
    else if (floor >= elevated || (this.#level !== 'normal' && floor >= elevated * leaveRatio)) this.#level = 'elevated'
    else this.#level = 'normal'
  }
}
