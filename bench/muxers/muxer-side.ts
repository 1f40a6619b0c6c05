import type { MessageStream } from '@libp2p/interface'

/** The first byte of a stream tells the listener what it is for. */
export const ECHO = 0
export const SINK = 1

/** How many bytes a sink got, as it says at the end. */
export const COUNT_BYTES = 8

/** The dialing end of a connection with a muxer on it. */
export interface MuxerSession {
  /** Opens a stream, sends the data, which begins with `ECHO`, and waits for the same; the stream is ended from both sides. */
  echo (data: Uint8Array): Promise<void>
  /** Opens a stream, sends the data so often, which begins with `SINK`, and waits for the listener's count. */
  send (data: Uint8Array, times: number): Promise<void>
  /** Opens so many streams, all at once; each has echoed the data and is idle from then on. */
  hold (count: number, data: Uint8Array): Promise<void>
  /** Resets what is held. */
  release (): void
}

/** A muxer, and how its users read and write. It owns the connection that it gets. */
export interface MuxerSide {
  dialed (conn: MessageStream): MuxerSession
  accepted (conn: MessageStream): void
}
