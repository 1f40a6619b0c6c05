import { threadCpuMs } from './thread-cpu-ms.ts'

/** Measures how long the event loop was kept from its turns. */
export class LoopWatch implements Disposable {
  #longestMs = 0
  #longestCpuMs = 0
  #lastMs = performance.now()
  #lastCpuMs = threadCpuMs()
  #next: NodeJS.Immediate

  constructor () {
    const tick = (): void => {
      const [nowMs, nowCpuMs] = [performance.now(), threadCpuMs()]
      this.#longestMs = Math.max(this.#longestMs, nowMs - this.#lastMs)
      this.#longestCpuMs = Math.max(this.#longestCpuMs, nowCpuMs - this.#lastCpuMs)
      this.#lastMs = nowMs
      this.#lastCpuMs = nowCpuMs
      this.#next = setImmediate(tick)
    }
    this.#next = setImmediate(tick)
  }

  /** The longest time between two turns, on the clock. */
  get longestMs (): number {
    return this.#longestMs
  }

  /** The most that this thread was on a processor between two turns: what others on the machine take does not count. */
  get longestCpuMs (): number {
    return this.#longestCpuMs
  }

  [Symbol.dispose] (): void {
    clearImmediate(this.#next)
  }
}
