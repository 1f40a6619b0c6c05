import type { Clock } from '@weir/network'
import { COMPLIANCE_DEFAULTS } from './defaults.ts'
import { turn } from './turn.ts'

export interface ManualClockInit {
  /** Where the monotonic clock begins. @defaultValue 0 */
  readonly monotonicMs?: number | undefined
  /** Where the wall clock begins. @defaultValue `COMPLIANCE_DEFAULTS.wallStartMs` */
  readonly wallMs?: number | undefined
}

interface Timer {
  readonly dueMs: number
  readonly callback: () => void
}

/**
 * Time that stands still until it is turned by hand.
 *
 * Timers run in the order in which they are due, those of the same moment in the order in which they were set, each at its
 * own time. What a callback throws comes out of `advance`; the timers behind it stay set.
 *
 * Not promised: the least delay of one millisecond and the largest of 2 ** 31 - 1 of the runtime's timers.
 */
export class ManualClock implements Clock {
  readonly #timers = new Set<Timer>()
  #monotonicMs: number
  #wallMs: number

  constructor (init: ManualClockInit = {}) {
    this.#monotonicMs = finite('monotonicMs', init.monotonicMs ?? 0)
    this.#wallMs = finite('wallMs', init.wallMs ?? COMPLIANCE_DEFAULTS.wallStartMs)
  }

  /** How many timers are set and have not run: 0 when everything was cleaned up. */
  get pendingTimers (): number {
    return this.#timers.size
  }

  monotonicMs (): number {
    return this.#monotonicMs
  }

  wallMs (): number {
    return this.#wallMs
  }

  setTimeout (callback: () => void, delayMs: number): Disposable {
    if (typeof callback !== 'function') throw new TypeError('a timer needs a function to call')
    if (typeof delayMs !== 'number' || Number.isNaN(delayMs)) throw new RangeError(`a timer's delay must be a number, got ${delayMs}`) // the runtime would fire at once and hide the mistake
    const timer: Timer = { dueMs: this.#monotonicMs + Math.max(0, delayMs), callback }
    this.#timers.add(timer)
    return { [Symbol.dispose]: () => { this.#timers.delete(timer) } }
  }

  /** Moves both clocks and runs what comes due on the way. @throws {RangeError} for a step that is negative or not finite */
  advance (ms: number): void {
    const end = this.#end(ms)
    const run = this.#runner()
    for (let timer = this.#next(end); timer !== undefined; timer = this.#next(end)) run(timer)
    this.#moveTo(end)
  }

  /** `advance` that lets everything that waits go on, before the first timer, between them and after the last. */
  async advanceAsync (ms: number): Promise<void> {
    const end = this.#end(ms)
    const run = this.#runner()
    await turn()
    for (let timer = this.#next(end); timer !== undefined; timer = this.#next(end)) {
      run(timer)
      await turn()
    }
    this.#moveTo(Math.max(end, this.#monotonicMs))
  }

  /** Moves the wall clock alone, backwards too, as an operator or a time server does. Runs no timer. */
  jumpWall (byMs: number): void {
    this.#wallMs += finite('byMs', byMs)
  }

  #end (ms: number): number {
    if (finite('ms', ms) < 0) throw new RangeError(`time goes forward only, got ${ms}`)
    return this.#monotonicMs + ms
  }

  #moveTo (monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs
    this.#monotonicMs = monotonicMs
  }

  #next (endMs: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.dueMs <= endMs && (next === undefined || timer.dueMs < next.dueMs)) next = timer
    }
    return next
  }

  #runner (): (timer: Timer) => void {
    let left = COMPLIANCE_DEFAULTS.maxTimersPerMoment
    return timer => {
      if (timer.dueMs > this.#monotonicMs) left = COMPLIANCE_DEFAULTS.maxTimersPerMoment
      if (left-- === 0) throw new Error(`more than ${COMPLIANCE_DEFAULTS.maxTimersPerMoment} timers in one moment: one renews itself without delay`)
      this.#timers.delete(timer)
      this.#moveTo(Math.max(timer.dueMs, this.#monotonicMs))
      timer.callback()
    }
  }
}

function finite (name: string, value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`${name} must be a finite number, got ${value}`)
  return value
}
