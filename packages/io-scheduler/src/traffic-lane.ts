import { MovingAverage } from './moving-average.ts'

/** One connection's part in a `TrafficScheduler`: what it has used, what it may use, and what of it waits. */
export class TrafficLane {
  readonly average: MovingAverage = new MovingAverage()
  /** What is left of its fair share; below zero it is in debt. A new one has none, and waits behind those that have. */
  quotaBytes = 0
  #waiting: { readonly bytes: number, resolve (): void, reject (cause: Error): void } | undefined

  /** The bytes that wait, undefined when none do. */
  get waitingBytes (): number | undefined {
    return this.#waiting?.bytes
  }

  wait (bytes: number): Promise<void> {
    if (this.#waiting !== undefined) throw new TypeError('a piece of this connection waits already')
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting = { bytes, resolve, reject }
    return promise
  }

  admit (): void {
    this.#waiting?.resolve()
    this.#waiting = undefined
  }

  refuse (cause: Error): void {
    this.#waiting?.reject(cause)
    this.#waiting = undefined
  }
}
