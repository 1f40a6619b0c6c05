import type { TraceEvent } from './trace-event.ts'

/** Where trace events go. */
export interface TraceSink {
  /** Takes an event in the middle of a change: keeps it for later, or drops it when too many wait. */
  push (event: TraceEvent): void
  /** How many did not get through. */
  readonly dropped: number
  /** Hands on what waits, and takes nothing more. Never rejects. */
  close (): Promise<void>
}
