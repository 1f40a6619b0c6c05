/**
 * What went through a connection, or through all of a scheduler: totals, and moving averages of the last seconds.
 *
 * @see reference/tezos-p2p.md 4.3, "P2p_stat"
 */
export interface IoStat {
  readonly totalSentBytes: number
  readonly totalReceivedBytes: number
  readonly inflowBytesPerSecond: number
  readonly outflowBytesPerSecond: number
}

export const ZERO_IO_STAT: IoStat = Object.freeze({ totalSentBytes: 0, totalReceivedBytes: 0, inflowBytesPerSecond: 0, outflowBytesPerSecond: 0 })
