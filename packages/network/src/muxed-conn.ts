import type { MuxedStream } from './muxed-stream.ts'

/** A connection that carries streams. Whoever made it owns it. @see seed 004, "MuxedConn" */
export interface MuxedConn {
  /** @throws {ConnClosedError} when the connection has ended */
  openStream (options?: { readonly signal?: AbortSignal | undefined }): Promise<MuxedStream>
  /** The next stream that the remote opened; waits for one. @throws {ConnClosedError} when the connection ends */
  acceptStream (options?: { readonly signal?: AbortSignal | undefined }): Promise<MuxedStream>
  /** Ends it and the connection below, and resets its streams. */
  close (): Promise<void>
  /** `close` with a code that the remote gets to see, where the protocol can carry it. */
  closeWithError (errorCode: number): Promise<void>
  /** Ends it at once, synchronously. */
  abort (cause: Error): void
  isClosed (): boolean
}
