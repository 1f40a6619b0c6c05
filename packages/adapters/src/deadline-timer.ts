import type { Clock } from '@weir/network'

/** Something that gives up at a moment. */
export interface Deadline {
  /** On the monotonic clock. Must not change while it stands in a timer. */
  readonly atMs: number
  /** Called once, when the moment has come; it stands in the timer no longer. Must not throw. */
  expire (): void
}

/**
 * The deadlines of everything that waits on one connection, on one timer of the runtime. It is armed only while
 * something with a deadline waits.
 */
export class DeadlineTimer {
  readonly #clock: Clock
  readonly #deadlines = new Set<Deadline>()
  #timer: Disposable | undefined
  #armedForMs = Infinity

  constructor (clock: Clock) {
    this.#clock = clock
  }

  /** How many wait. */
  get size (): number {
    return this.#deadlines.size
  }

  /** The moment it is, for comparing deadlines with. */
  nowMs (): number {
    return this.#clock.monotonicMs()
  }

  add (deadline: Deadline): void {
    if (deadline.atMs === Infinity) return
    this.#deadlines.add(deadline)
    if (deadline.atMs < this.#armedForMs) this.#arm(deadline.atMs)
  }

  delete (deadline: Deadline): void {
    this.#deadlines.delete(deadline)
    if (this.#deadlines.size === 0) this.#disarm()
  }

  #arm (atMs: number): void {
    this.#timer?.[Symbol.dispose]()
    this.#armedForMs = atMs
    // Rounded up, or a timer that comes a fraction early would find nothing to do and be armed again.
    this.#timer = this.#clock.setTimeout(() => { this.#fire() }, Math.max(0, Math.ceil(atMs - this.#clock.monotonicMs())))
  }

  #disarm (): void {
    this.#timer?.[Symbol.dispose]()
    this.#timer = undefined
    this.#armedForMs = Infinity
  }

  #fire (): void {
    this.#disarm()
    const now = this.#clock.monotonicMs()
    const due: Deadline[] = []
    let nextMs = Infinity
    for (const deadline of this.#deadlines) {
      if (deadline.atMs <= now) due.push(deadline)
      else if (deadline.atMs < nextMs) nextMs = deadline.atMs
    }
    if (nextMs !== Infinity) this.#arm(nextMs)
    for (const deadline of due) {
      if (this.#deadlines.delete(deadline)) deadline.expire() // an earlier one may have ended what a later one waits for
    }
  }
}

/** A deadline as the users of a stream give it. @returns `Infinity` for none @throws {RangeError} for `NaN` */
export function checkDeadline (atMs: number = Infinity): number {
  if (Number.isNaN(atMs)) throw new RangeError('a deadline must be a moment on the monotonic clock, got NaN')
  return atMs
}
