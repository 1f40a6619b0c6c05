/** How limits grow with a machine. @see reference/go-libp2p.md 2.7 */
export const SCALING_DEFAULTS: {
  /** Up to here the base counts; limits grow with what is above it. */
  readonly baseMemoryBytes: number
  /** The share of the machine's memory that the network gets. */
  readonly memoryRatio: number
  /** The share of the process's file descriptors that the network gets. */
  readonly fdRatio: number
} = Object.freeze({
  baseMemoryBytes: 134_217_728,
  memoryRatio: 1 / 8,
  fdRatio: 1 / 2
})

/** How many connections a node keeps, derived from how many it may have. */
export const WATERMARK_DEFAULTS: {
  /** However many the limits allow. As in Go. */
  readonly maxHighWater: number
  /** Of the connections that the limits allow: the rest is for those who come while others are trimmed. */
  readonly highWaterRatio: number
  /** Of the high water. */
  readonly lowWaterRatio: number
} = Object.freeze({
  maxHighWater: 192,
  highWaterRatio: 0.9,
  lowWaterRatio: 0.8
})
