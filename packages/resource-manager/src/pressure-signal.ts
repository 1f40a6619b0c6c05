/** How short the process itself is of something. */
export type PressureLevel = 'normal' | 'elevated' | 'critical'

/**
 * A soft signal of the process's own state, which a manager asks before it admits anything:
 *
 * - elevated: memory reservations below `ReservationPriority.high` are refused
 * - critical: inbound connections and streams are refused too
 *
 * Outbound ones, trusted ones and releases never are. A manager ends no signal: whoever made it does.
 */
export interface PressureSignal {
  /** For people and for `snapshot()`, such as `memoryPressure`. */
  readonly name: string
  /** Read at every admission: it must be there at once. */
  readonly level: PressureLevel
  /** What was measured last that the level follows from. */
  readonly value: number
  /** From where on it is elevated and critical, in the unit of `value`. */
  readonly thresholds: PressureThresholds
}

export interface PressureThresholds {
  readonly elevated: number
  readonly critical: number
}
