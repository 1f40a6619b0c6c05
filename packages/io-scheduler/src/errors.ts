import { hasCode } from '@weir/network'

/**
 * Using a connection that has ended: by its peer (`peer`), by this side (`local`), or because nobody answers (`lost`).
 *
 * @see reference/tezos-p2p.md 2.10 and 4.4
 */
export class ConnectionClosedError extends Error {
  override readonly name = 'ConnectionClosedError'
  readonly code = 'CONNECTION_CLOSED'
  readonly octezId = 'node.p2p_io_scheduler.connection_closed'
  readonly by: 'peer' | 'local' | 'lost'

  constructor (by: 'peer' | 'local' | 'lost', options?: ErrorOptions) {
    super(by === 'lost' ? 'the connection was lost' : `the connection was closed ${by === 'peer' ? 'by its peer' : 'here'}`, options)
    this.by = by
  }

  static is (error: unknown): error is ConnectionClosedError {
    return hasCode(error, 'CONNECTION_CLOSED')
  }
}

/** A connection that failed in a way that is no normal end; `cause` says how. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'
  readonly code = 'CONNECTION_ERROR'
  readonly octezId = 'node.p2p_io_scheduler.connection_error'

  constructor (options?: ErrorOptions) {
    super('the connection failed', options)
  }

  static is (error: unknown): error is ConnectionError {
    return hasCode(error, 'CONNECTION_ERROR')
  }
}

/** Registering a connection with a scheduler that was closed. The connection was aborted. */
export class IoSchedulerClosedError extends Error {
  override readonly name = 'IoSchedulerClosedError'
  readonly code = 'IO_SCHEDULER_CLOSED'

  constructor (options?: ErrorOptions) {
    super('the I/O scheduler is closed', options)
  }

  static is (error: unknown): error is IoSchedulerClosedError {
    return hasCode(error, 'IO_SCHEDULER_CLOSED')
  }
}

/** Asking for bytes into a place that is not in the buffer. */
export class InvalidReadRequestError extends Error {
  override readonly name = 'InvalidReadRequestError'
  readonly code = 'INVALID_READ_REQUEST'
  readonly octezId = 'p2p_io_scheduler.invalid_read_request'
  /** The rule that was broken. */
  readonly expected: string
  readonly posBytes: number
  readonly lengthBytes: number
  readonly bufferBytes: number

  constructor (expected: string, { posBytes, lengthBytes, bufferBytes }: { posBytes: number, lengthBytes: number, bufferBytes: number }, options?: ErrorOptions) {
    super(`invalid read request: ${expected} must hold, got position ${posBytes}, length ${lengthBytes}, buffer of ${bufferBytes}`, options)
    this.expected = expected
    this.posBytes = posBytes
    this.lengthBytes = lengthBytes
    this.bufferBytes = bufferBytes
  }

  static is (error: unknown): error is InvalidReadRequestError {
    return hasCode(error, 'INVALID_READ_REQUEST')
  }
}
