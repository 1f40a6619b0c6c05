import type { Clock } from '@weir/network'

export interface SweepInit {
  readonly clock: Clock
  readonly intervalMs: number
  /** Between two turns of one pass. */
  readonly pauseMs: number
  /** Begins a pass: each step of it is one turn. */
  readonly pass: () => Iterator<Promise<unknown> | undefined>
  /** Whether a further pass will have anything to do. */
  readonly isNeeded: () => boolean
}

/** Looks for what is over, from time to time, in turns, with one timer at most. Ends when there is nothing, or when it is disposed. */
export class Sweep implements Disposable {
  readonly #init: SweepInit
  #timer: Disposable | undefined
  #pass: Iterator<Promise<unknown> | undefined> | undefined
  #disposed = false

  constructor (init: SweepInit) {
    this.#init = init
  }

  /** Says that there may be something to do. */
  arm (): void {
    if (this.#timer === undefined && this.#pass === undefined) this.#set(this.#init.intervalMs)
  }

  [Symbol.dispose] (): void {
    this.#disposed = true
    this.#timer?.[Symbol.dispose]()
    this.#timer = undefined
  }

  #set (delayMs: number): void {
    if (this.#disposed || !this.#init.isNeeded()) return
    this.#timer = this.#init.clock.setTimeout(() => { void this.#turn() }, delayMs)
  }

  async #turn (): Promise<void> {
    this.#timer = undefined
    this.#pass ??= this.#init.pass()
    const { done, value } = this.#pass.next()
    if (value !== undefined) await value
    if (done === true) this.#pass = undefined
    this.#set(done === true ? this.#init.intervalMs : this.#init.pauseMs)
    if (this.#timer === undefined) this.#pass = undefined // nothing is left to do: the rest of the pass is not needed
  }
}
