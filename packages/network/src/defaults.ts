/** How long one call of `dialPeer` may take; each concurrent caller has its own. @see seed 004, "Variables" */
export const DIAL_PEER_TIMEOUT_MS = 60_000

/**
 * The largest message one should send in one piece (4 MiB). A recommendation: streams carry more.
 *
 * @see seed 004, "Constants"
 */
export const MESSAGE_SIZE_MAX_BYTES = 4_194_304

/** How long the addresses of a peer are remembered, by how they were learned. */
export const ADDRESS_TTL_MS = {
  /** Told by the peer itself, or by somebody who should know. */
  address: 3_600_000,
  /** Seen in passing, such as in one DHT answer. */
  temporary: 120_000,
  /** Of a peer that was connected until lately. */
  recentlyConnected: 900_000,
  /** Of a peer that is connected now: kept until the connection ends. */
  connected: 9_007_199_254_740_990,
  /** Put in by the operator: kept for ever. */
  permanent: 9_007_199_254_740_991
} as const
