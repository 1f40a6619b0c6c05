import { setImmediate } from 'node:timers'
import { RESOURCE_MANAGER_DEFAULTS } from './defaults.ts'
import type { TraceEvent } from './trace-event.ts'
import type { TraceSink } from './tracer.ts'

/** Gets every event, in order, in a turn of its own. What it throws is not heard, and that event counts as dropped. */
export type TraceListener = (event: TraceEvent) => void

/** Hands events to a function, outside of the changes that they are about. */
export class ListenerSink implements TraceSink {
  readonly #listener: TraceListener
  #waiting: TraceEvent[] = []
  #dropped = 0
  #closed = false

  constructor (listener: TraceListener) {
    this.#listener = listener
  }

  get dropped (): number {
    return this.#dropped
  }

  push (event: TraceEvent): void {
    if (this.#closed) return
    if (this.#waiting.length >= RESOURCE_MANAGER_DEFAULTS.maxTraceEvents) {
      this.#dropped++
      return
    }
    this.#waiting.push(event)
    if (this.#waiting.length === 1) setImmediate(() => { this.#deliver() })
  }

  async close (): Promise<void> {
    this.#deliver()
    this.#closed = true
  }

  #deliver (): void {
    const events = this.#waiting
    this.#waiting = []
    for (const event of events) {
      try {
        this.#listener(event)
      } catch {
        this.#dropped++
      }
    }
  }
}
