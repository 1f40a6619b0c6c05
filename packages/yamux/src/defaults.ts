/** The numbers of a Yamux connection, under the names of go-yamux's `Config`, with their units. */
export interface YamuxDefaults {
  /** Streams of the remote that nobody has accepted yet, and streams of ours that the remote has not acknowledged yet. */
  readonly acceptBacklog: number
  /** Ping replies that may wait for a remote that does not read. */
  readonly pingBacklog: number
  /** How long nothing may come before the remote is asked whether it is there. */
  readonly keepAliveIntervalMs: number
  /** How old a round-trip time may be before it is measured again, along with the next frames. */
  readonly measureRttIntervalMs: number
  /** How long the layer below may take to make room for more, and the remote to answer a keepalive. */
  readonly connectionWriteTimeoutMs: number
  /** Streams of the remote that are open at once; `Infinity` leaves it to the resource manager. */
  readonly maxIncomingStreams: number
  /** The first receive window of a stream: what is more than 262,144 is granted with its first window update. */
  readonly initialStreamWindowSizeBytes: number
  /** What a receive window may grow to. 262,144 keeps windows from growing. */
  readonly maxStreamWindowSizeBytes: number
  /** The largest data frame that is sent, its header included. It is no larger than what is written at once has room for, and than 16,379 while other streams have data to send. */
  readonly maxMessageSizeBytes: number
  /** How long a graceful end may take before it becomes an abort. */
  readonly closeTimeoutMs: number
}

/**
 * What is used where nothing else is asked for: go-yamux's defaults, but for the message size: a stream that is alone may fill
 * four Noise messages with a frame, which costs less than four frames of go-yamux's 65,536, each with a header and two messages.
 */
export const YAMUX_DEFAULTS: YamuxDefaults = Object.freeze({
  acceptBacklog: 256,
  pingBacklog: 32,
  keepAliveIntervalMs: 30_000,
  measureRttIntervalMs: 30_000,
  connectionWriteTimeoutMs: 10_000,
  maxIncomingStreams: 1_000,
  initialStreamWindowSizeBytes: 262_144,
  maxStreamWindowSizeBytes: 16_777_216,
  maxMessageSizeBytes: 262_076,
  closeTimeoutMs: 10_000
})

/** Streams that were closed here and not yet by the remote, whose windows are still watched. */
export const MAX_CLOSED_STREAMS = 1_024

/** Resets that may wait for a remote that does not read. */
export const MAX_WAITING_RESETS = 4_096

/** So many grants leave at once; fewer wait until what has arrived was read. */
export const GRANTS_AT_ONCE = 8

/** What is handed to the layer below at once without a reservation, and less than `SHARED_FRAME_BYTES` more: eight frames, in two Noise messages. */
export const WRITE_TURN_BYTES = 131_032

/**
 * How large a frame may be while other streams have data to send: a quarter of a Noise message. It may be so large however
 * little room its write has left, so that the rest of a write is not cut small.
 */
export const SHARED_FRAME_BYTES = 16_379

/** What is handed to a fast layer below at once, the most of it reserved. */
export const MAX_WRITE_TURN_BYTES = 1_048_256

/** A layer below that takes a write within this time is given twice as much next time; one that does not, half as much. */
export const WRITE_TURN_MS = 10

/** How long the goodbye to a remote that broke the protocol may take, as in go-yamux. */
export const GO_AWAY_WAIT_MS = 100

/** Window credit, and stream numbers, are unsigned and of 32 bits. */
export const UINT32_MAX = 0xffff_ffff
