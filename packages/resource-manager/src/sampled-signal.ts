import { type Clock, systemClock } from '@weir/network'
import { Hysteresis } from './hysteresis.ts'
import type { PressureLevel, PressureSignal, PressureThresholds } from './pressure-signal.ts'
import type { Sampling, SamplingInit } from './sampling.ts'

export interface SampledSignalInit {
  readonly name: string
  readonly given: SamplingInit
  readonly defaults: Sampling
  /** @param latenessMs - how late the measurement is */
  readonly measure: (latenessMs: number) => number
}

/** A signal that measures every now and then, until it is disposed. Keeps no process alive. */
export class SampledSignal implements PressureSignal, Disposable {
  readonly name: string
  readonly thresholds: PressureThresholds
  readonly #clock: Clock
  readonly #intervalMs: number
  readonly #measure: (latenessMs: number) => number
  readonly #hysteresis: Hysteresis
  #timer: Disposable

  /**
   * @throws {TypeError} at an option that is not known
   * @throws {RangeError} at a number that is none of its kind
   */
  constructor ({ name, given: { clock = systemClock, ...given }, defaults, measure }: SampledSignalInit) {
    for (const key of Object.keys(given)) {
      if (!Object.hasOwn(defaults, key)) throw new TypeError(`${name} does not know the option ${key}`)
    }
    const { intervalMs, window, leaveRatio, elevated, critical } = { ...defaults, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) }
    if (!(intervalMs >= 1) || intervalMs === Infinity) throw new RangeError(`${name}: intervalMs must be a number of 1 or more, got ${intervalMs}`)
    if (!Number.isSafeInteger(window) || window < 1 || window > 1_000) throw new RangeError(`${name}: window must be a whole number from 1 to 1000, got ${window}`)
    if (!(leaveRatio > 0 && leaveRatio <= 1)) throw new RangeError(`${name}: leaveRatio must be above 0 and at most 1, got ${leaveRatio}`)
    if (!(elevated > 0 && elevated <= critical)) throw new RangeError(`${name}: elevated must be above 0 and not above critical, got ${elevated} and ${critical}`)
    this.name = name
    this.thresholds = Object.freeze({ elevated, critical })
    this.#clock = clock
    this.#intervalMs = intervalMs
    this.#measure = measure
    this.#hysteresis = new Hysteresis({ thresholds: this.thresholds, leaveRatio, window })
    this.#timer = this.#next()
  }

  get level (): PressureLevel {
    return this.#hysteresis.level
  }

  get value (): number {
    return this.#hysteresis.floor
  }

  /** Measures no more. The level stays what it was. */
  [Symbol.dispose] (): void {
    this.#timer[Symbol.dispose]()
  }

  #next (): Disposable {
    const dueMs = this.#clock.monotonicMs() + this.#intervalMs
    return this.#clock.setTimeout(() => {
      try {
        this.#hysteresis.add(this.#measure(this.#clock.monotonicMs() - dueMs))
      } catch {} // what cannot be measured is no reason to refuse anybody, nor to end the process
      this.#timer = this.#next()
    }, this.#intervalMs)
  }
}
