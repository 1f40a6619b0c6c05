/** The numbers of the transport. Times may be `Infinity`, which is no bound; bytes and counts are whole numbers of at least 1. */
export interface TcpLimits {
  /** From the first packet to the answer of the remote's kernel; the name's look-up is part of it. */
  readonly connectTimeoutMs: number
  /** How long what was written may take to be gone after `close`, or after the remote ended, before the connection is reset. */
  readonly closeTimeoutMs: number
  /** How long a connection is silent before the kernel asks whether the other end is still there. */
  readonly keepAliveMs: number
  /** Connections that the kernel holds for a listener until they are accepted; the kernel may have a lower bound of its own. */
  readonly backlog: number
  /** Bytes waiting here to be written above which a connection whose user goes on sending is reset. */
  readonly maxWriteBufferBytes: number
  /** Bytes pushed back to be read again above which a connection is reset. */
  readonly maxReadBufferBytes: number
}

/** @see reference/go-libp2p.md 5.5 and 5.6 for the times, js-libp2p.md 1.2 for the largest read buffer */
export const TCP_DEFAULTS: TcpLimits = Object.freeze({
  connectTimeoutMs: 5_000,
  closeTimeoutMs: 2_000,
  keepAliveMs: 30_000,
  backlog: 511,
  maxWriteBufferBytes: 16_777_216,
  maxReadBufferBytes: 4_194_304
})

/**
 * What a socket reads ahead of its reader, until the kernel holds the remote back; and what waits to be written when `send`
 * answers false, until all of it is gone. A higher mark measured no faster.
 */
export const HIGH_WATER_MARK_BYTES = 65_536

/** Lists up to this size are joined before they are written: that costs less than to hand the kernel each part. */
export const MAX_JOINED_BYTES = 4_096
