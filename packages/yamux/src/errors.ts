import { hasCode } from '@weir/network'

/** The remote did not answer a keepalive: the connection is dead. */
export class KeepAliveTimeoutError extends Error {
  override readonly name = 'KeepAliveTimeoutError'
  readonly code = 'KEEP_ALIVE_TIMEOUT'
  readonly timeoutMs: number

  constructor (timeoutMs: number, options?: ErrorOptions) {
    super(`nothing came within ${timeoutMs} ms of a keepalive ping`, options)
    this.timeoutMs = timeoutMs
  }

  static is (error: unknown): error is KeepAliveTimeoutError {
    return hasCode(error, 'KEEP_ALIVE_TIMEOUT')
  }
}

/** The layer below made no room for more: the remote does not read, or is gone. */
export class ConnectionWriteTimeoutError extends Error {
  override readonly name = 'ConnectionWriteTimeoutError'
  readonly code = 'CONNECTION_WRITE_TIMEOUT'
  readonly timeoutMs: number

  constructor (timeoutMs: number, options?: ErrorOptions) {
    super(`what was written did not leave within ${timeoutMs} ms`, options)
    this.timeoutMs = timeoutMs
  }

  static is (error: unknown): error is ConnectionWriteTimeoutError {
    return hasCode(error, 'CONNECTION_WRITE_TIMEOUT')
  }
}

/** A connection has opened all the streams that it has numbers for, two thousand million: open a new connection. */
export class StreamsExhaustedError extends Error {
  override readonly name = 'StreamsExhaustedError'
  readonly code = 'STREAMS_EXHAUSTED'

  constructor (options?: ErrorOptions) {
    super('the connection has no more stream numbers: open a new connection', options)
  }

  static is (error: unknown): error is StreamsExhaustedError {
    return hasCode(error, 'STREAMS_EXHAUSTED')
  }
}
