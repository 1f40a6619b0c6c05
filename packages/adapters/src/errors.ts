import { hasCode } from '@weir/network'

/** What is wrong with a frame. */
export type YamuxFault =
  | 'version'
  | 'type'
  | 'flags'
  | 'stream-id'
  | 'parity'
  | 'duplicate-stream'
  | 'too-many-streams'
  | 'window-exceeded'
  | 'window-overflow'
  | 'unknown-stream'

/** The header of a Yamux frame breaks the protocol: nothing of its payload was read. @see reference/js-libp2p.md 4.3 */
export class YamuxFrameError extends Error {
  override readonly name = 'YamuxFrameError'
  readonly code = 'YAMUX_FRAME'
  readonly fault: YamuxFault
  readonly streamId: number
  /** 0 data, 1 window update, 2 ping, 3 go away; anything else is the fault itself. */
  readonly frameType: number
  /** What the header announces. */
  readonly lengthBytes: number
  /** What the stream's receive window had left. */
  readonly windowBytes: number

  constructor (frame: { fault: YamuxFault, streamId: number, frameType: number, lengthBytes: number, windowBytes: number }, options?: ErrorOptions) {
    super(`bad yamux frame (${frame.fault}): type ${frame.frameType} of stream ${frame.streamId} announces ${frame.lengthBytes} with ${frame.windowBytes} bytes of window left`, options)
    this.fault = frame.fault
    this.streamId = frame.streamId
    this.frameType = frame.frameType
    this.lengthBytes = frame.lengthBytes
    this.windowBytes = frame.windowBytes
  }

  static is (error: unknown): error is YamuxFrameError {
    return hasCode(error, 'YAMUX_FRAME')
  }
}

/** The remote makes us answer and does not read the answers. */
export class RemoteNotReadingError extends Error {
  override readonly name = 'RemoteNotReadingError'
  readonly code = 'REMOTE_NOT_READING'
  readonly waiting: 'pings' | 'frames'
  readonly limit: number

  constructor (waiting: 'pings' | 'frames', limit: number, options?: ErrorOptions) {
    super(`the remote does not read: more than ${limit} ${waiting} wait for it`, options)
    this.waiting = waiting
    this.limit = limit
  }

  static is (error: unknown): error is RemoteNotReadingError {
    return hasCode(error, 'REMOTE_NOT_READING')
  }
}

/** A graceful end that took too long, and became an abort. */
export class CloseTimeoutError extends Error {
  override readonly name = 'CloseTimeoutError'
  readonly code = 'CLOSE_TIMEOUT'
  readonly timeoutMs: number

  constructor (timeoutMs: number, options?: ErrorOptions) {
    super(`closing took longer than ${timeoutMs} ms`, options)
    this.timeoutMs = timeoutMs
  }

  static is (error: unknown): error is CloseTimeoutError {
    return hasCode(error, 'CLOSE_TIMEOUT')
  }
}

/** Using a connection after its stream was given back with `release`. */
export class ConnReleasedError extends Error {
  override readonly name = 'ConnReleasedError'
  readonly code = 'CONN_RELEASED'

  constructor (options?: ErrorOptions) {
    super('the stream below was released: this connection no longer has it', options)
  }

  static is (error: unknown): error is ConnReleasedError {
    return hasCode(error, 'CONN_RELEASED')
  }
}

/** The remote opened more streams than are accepted: the stream was reset. */
export class AcceptQueueFullError extends Error {
  override readonly name = 'AcceptQueueFullError'
  readonly code = 'ACCEPT_QUEUE_FULL'
  readonly limit: number

  constructor (limit: number, options?: ErrorOptions) {
    super(`${limit} streams of the remote wait to be accepted already`, options)
    this.limit = limit
  }

  static is (error: unknown): error is AcceptQueueFullError {
    return hasCode(error, 'ACCEPT_QUEUE_FULL')
  }
}
