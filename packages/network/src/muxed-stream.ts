import type { Uint8ArrayList } from './byte-list.ts'

export interface ReadOptions {
  /** Gives up waiting; no byte is lost. */
  readonly signal?: AbortSignal | undefined
}

export interface WriteOptions {
  /** Gives up waiting. When some of the bytes were taken already, the stream is reset: half a message is worse than none. */
  readonly signal?: AbortSignal | undefined
}

/**
 * A pipe of bytes both ways within a connection. Reads pull: a reader that sleeps stops the sender.
 *
 * It must be ended with `close`, `reset` or `abort`, even after `closeRead` and `closeWrite`; `await using` does it.
 * All ends are harmless when repeated.
 *
 * @see seed 004, "MuxedStream"
 */
export interface MuxedStream extends AsyncIterable<Uint8Array>, AsyncDisposable {
  /**
   * The next bytes, at least one, or `undefined` at the end of the stream. One read at a time.
   *
   * @throws {StreamReadPendingError} when another read waits
   * @throws {StreamReadClosedError} after `closeRead` or `close`
   * @throws {StreamResetError} after a reset by either side
   * @throws {DeadlineExceededError} past the read deadline
   */
  read (options?: ReadOptions): Promise<Uint8Array | undefined>

  /**
   * Sends bytes. Resolves when the muxer has taken them under the remote's window; says nothing of their arrival.
   * The bytes must not be changed before it resolves.
   *
   * @throws {StreamWriteClosedError} after `closeWrite` or `close`
   * @throws {StreamResetError} after a reset by either side
   * @throws {DeadlineExceededError} past the write deadline
   */
  write (data: Uint8Array | Uint8ArrayList, options?: WriteOptions): Promise<void>

  /** Sends what was written, then the end. Reading goes on. */
  closeWrite (): Promise<void>

  /** Reads no more: a waiting read and later ones reject with `StreamReadClosedError`. Writing goes on. */
  closeRead (): Promise<void>

  /** Both halves. Does not wait for the remote. */
  close (): Promise<void>

  /** Ends both halves at once, and tells the remote to go away. */
  reset (): void

  /** `reset` with a code, one of `StreamErrorCode`, that the remote gets to see where the muxer can carry it. */
  resetWithError (errorCode: number): void

  /** `reset` whose cause the local reader and writer get to see. */
  abort (cause: Error): void

  /** Sets both deadlines. @param atMs - on the monotonic clock; `undefined` for none */
  setDeadline (atMs?: number): void
  setReadDeadline (atMs?: number): void
  setWriteDeadline (atMs?: number): void
}
