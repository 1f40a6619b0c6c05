import type { ConnStats } from './stats.ts'

/** @see seed 004, "ConnStat" */
export interface ConnStat {
  stat (): ConnStats
}
