import { hasCode } from '@weir/network'

/** A list of a gater that takes no more: everything on it is an operator's, and nothing gives way. */
export class GaterFullError extends Error {
  override readonly name = 'GaterFullError'
  readonly code = 'GATER_FULL'
  /** The option that bounds it. */
  readonly option: string
  readonly limit: number

  constructor (option: string, limit: number, options?: ErrorOptions) {
    super(`the gater is full: ${option} is ${limit}; raise it, or take entries back`, options)
    this.option = option
    this.limit = limit
  }

  static is (error: unknown): error is GaterFullError {
    return hasCode(error, 'GATER_FULL')
  }
}

/** A change that was not made: the datastore refused it, or too many others were waiting for it. */
export class GaterWriteError extends Error {
  override readonly name = 'GaterWriteError'
  readonly code = 'GATER_WRITE'
  /** Of the datastore. */
  readonly key: string

  constructor (key: string, why: string, options?: ErrorOptions) {
    super(`${key} was not changed: ${why}`, options)
    this.key = key
  }

  static is (error: unknown): error is GaterWriteError {
    return hasCode(error, 'GATER_WRITE')
  }
}

/** A change that the datastore has not acknowledged in time. It may still be made; until then it is not in force. */
export class GaterWriteTimeoutError extends Error {
  override readonly name = 'GaterWriteTimeoutError'
  readonly code = 'GATER_WRITE_TIMEOUT'
  /** Of the datastore. */
  readonly key: string
  readonly timeoutMs: number

  constructor (key: string, timeoutMs: number, options?: ErrorOptions) {
    super(`the datastore has not acknowledged ${key} within ${timeoutMs} ms: the change may still come into force`, options)
    this.key = key
    this.timeoutMs = timeoutMs
  }

  static is (error: unknown): error is GaterWriteTimeoutError {
    return hasCode(error, 'GATER_WRITE_TIMEOUT')
  }
}

/** The datastore cannot be read, so nobody knows who is blocked. */
export class GaterLoadError extends Error {
  override readonly name = 'GaterLoadError'
  readonly code = 'GATER_LOAD'

  constructor (options?: ErrorOptions) {
    super('the blocked and trusted peers cannot be read from the datastore', options)
  }

  static is (error: unknown): error is GaterLoadError {
    return hasCode(error, 'GATER_LOAD')
  }
}

/** Changing a gater that is closed. It can still be asked. */
export class GaterClosedError extends Error {
  override readonly name = 'GaterClosedError'
  readonly code = 'GATER_CLOSED'

  constructor (options?: ErrorOptions) {
    super('the gater is closed', options)
  }

  static is (error: unknown): error is GaterClosedError {
    return hasCode(error, 'GATER_CLOSED')
  }
}

/** Banning whom an operator trusts. */
export class TrustedError extends Error {
  override readonly name = 'TrustedError'
  readonly code = 'TRUSTED'
  /** The peer or the address. */
  readonly key: string

  constructor (key: string, options?: ErrorOptions) {
    super(`${key} is trusted and cannot be banned: take back the trust first`, options)
    this.key = key
  }

  static is (error: unknown): error is TrustedError {
    return hasCode(error, 'TRUSTED')
  }
}
