import type { Clock, ConnManager } from '@weir/network'

export interface ConnManagerMarks {
  /** A trim goes down to this many connections. */
  readonly lowWater: number
  /** Above this many, the manager trims by itself. */
  readonly highWater: number
  readonly clock: Clock
}

/** What the suite of connection managers is run on. */
export interface ConnManagerSubject {
  /**
   * Makes a manager with these marks and without periods of grace or silence. The case closes it.
   *
   * One that manages nothing may take no notice of them.
   */
  create (marks: ConnManagerMarks): ConnManager | Promise<ConnManager>
}
