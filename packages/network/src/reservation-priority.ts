/**
 * How much of a scope's memory limit a reservation may use up: it is refused once use would pass
 * `(1 + priority) / 256` of the limit. Any whole number from 0 to 255 will do; these are the usual ones.
 *
 * @see seed 004, "Constants"
 */
export const ReservationPriority = {
  /** Up to 40 % of the limit: what one can do without, such as a larger window. */
  low: 101,
  /** Up to 60 %. */
  medium: 152,
  /** Up to 80 %. */
  high: 203,
  /** All of it: what the connection or stream cannot live without. */
  always: 255
} as const
