/** The numbers that the adapters can be given. */
export interface AdaptersDefaults {
  /** Unread bytes of one connection or stream above which its source is paused; it goes on below half of it. */
  readonly maxReadBufferBytes: number
  /** The largest piece of a write that a muxer is given at once: with a Yamux header it fills one Noise message. */
  readonly maxWriteChunkBytes: number
  /** How long a graceful end may take before it becomes an abort. */
  readonly closeTimeoutMs: number
  /** How long a stream that is closed here waits for the remote to close its side, before it is reset. */
  readonly streamCloseTimeoutMs: number
  /** Streams that the remote opened and nobody has accepted yet; more are reset. */
  readonly maxAcceptQueue: number
  /** The largest receive window that a remote is granted on one Yamux stream. */
  readonly maxStreamWindowBytes: number
  /** Yamux streams that the frame guard follows at once, both directions. */
  readonly maxTrackedStreams: number
  /** Ping replies that may wait for a remote that does not read. */
  readonly maxWaitingPings: number
  /** All other frames without data that may wait for a remote that does not read. */
  readonly maxWaitingFrames: number
}

/** What the adapters use where nothing else is asked for. */
export const ADAPTERS_DEFAULTS: AdaptersDefaults = Object.freeze({
  maxReadBufferBytes: 65_536,
  maxWriteChunkBytes: 65_507,
  closeTimeoutMs: 10_000,
  streamCloseTimeoutMs: 300_000,
  maxAcceptQueue: 256,
  maxStreamWindowBytes: 4_194_304,
  maxTrackedStreams: 16_384,
  maxWaitingPings: 64,
  maxWaitingFrames: 4_096
})

/** What every Yamux stream starts with, by its specification. */
export const YAMUX_INITIAL_WINDOW_BYTES: number = 262_144

