import type { ManualClock } from '@weir/compliance'
import type { IoScheduler } from './io-scheduler.ts'

/** What the suite of schedulers is run on. */
export interface IoSchedulerSubject {
  /** Fresh, on the clock. Where it schedules, limited to `maxBytesPerSecond` in each direction. */
  readonly scheduler: IoScheduler
  readonly clock: ManualClock
  readonly maxBytesPerSecond: number
}
