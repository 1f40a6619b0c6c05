/**
 * The codes that a connection's end carries on the wire, where the muxer can carry them.
 *
 * Not those of a stream: the two tables are off by one.
 *
 * @see the error code registry of libp2p's specifications, and reference/go-libp2p.md 1.2
 */
export const ConnErrorCode = {
  noError: 0,
  protocolNegotiationFailed: 0x1000,
  resourceLimitExceeded: 0x1001,
  rateLimited: 0x1002,
  protocolViolation: 0x1003,
  supplanted: 0x1004,
  garbageCollected: 0x1005,
  shutdown: 0x1006,
  gated: 0x1007,
  codeOutOfRange: 0x1008
} as const

/** The codes that a stream's reset carries on the wire, where the muxer can carry them. @see ConnErrorCode */
export const StreamErrorCode = {
  noError: 0,
  protocolNegotiationFailed: 0x1001,
  resourceLimitExceeded: 0x1002,
  rateLimited: 0x1003,
  protocolViolation: 0x1004,
  supplanted: 0x1005,
  garbageCollected: 0x1006,
  shutdown: 0x1007,
  gated: 0x1008,
  codeOutOfRange: 0x1009
} as const
