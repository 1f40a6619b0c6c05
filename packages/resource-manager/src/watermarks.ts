import { WATERMARK_DEFAULTS } from './defaults.ts'
import type { Limit } from './limit.ts'

/** Between which numbers of connections a node stays. */
export interface Watermarks {
  /** Down to here connections are trimmed, */
  readonly lowWater: number
  /** once there are as many as this. */
  readonly highWater: number
}

/**
 * Watermarks that fit below the connection limits of the system scope, so that a node trims before it refuses.
 *
 * A direction that is blocked as a whole does not count: nothing is refused in it for being one too many.
 */
export function watermarksFor (system: Limit): Watermarks {
  const { maxHighWater, highWaterRatio, lowWaterRatio } = WATERMARK_DEFAULTS
  const limit = Math.min(...[system.conns, system.connsInbound].filter(conns => conns > 0))
  // At least 1: a node that may have one connection keeps it.
  const highWater = Math.max(1, Math.min(maxHighWater, Math.floor(highWaterRatio * limit)))
  return Object.freeze({ lowWater: Math.max(1, Math.floor(lowWaterRatio * highWater)), highWater })
}
