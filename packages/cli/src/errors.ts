/** The arguments are wrong. The message is a whole sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'USAGE'
}

/** A peer cannot be reached, or does not do what it was asked. */
export class PeerFailedError extends Error {
  override readonly name = 'PeerFailedError'
  readonly code = 'PEER_FAILED'
  readonly address: string

  constructor (what: string, address: string, options: { cause: unknown }) {
    super(`cannot ${what} ${address}`, options)
    this.address = address
  }
}

/** The file of the pre-shared key cannot be read. */
export class PskFileError extends Error {
  override readonly name = 'PskFileError'
  readonly code = 'PSK_FILE'
  readonly path: string

  constructor (path: string, options: { cause: unknown }) {
    super(`cannot read the pre-shared key ${path}`, options)
    this.path = path
  }
}

/** The file of limits cannot be read, or holds none. */
export class LimitsFileError extends Error {
  override readonly name = 'LimitsFileError'
  readonly code = 'LIMITS_FILE'
  readonly path: string

  constructor (path: string, options: { cause: unknown }) {
    super(`cannot use the limits in ${path}`, options)
    this.path = path
  }
}

/** A signal came before there was a result. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError'
  readonly code = 'INTERRUPTED'

  constructor (options?: ErrorOptions) {
    super('interrupted', options)
  }
}

/** Closing took too long and was given up. */
export class CloseTimeoutError extends Error {
  override readonly name = 'CloseTimeoutError'
  readonly code = 'CLOSE_TIMEOUT'
  readonly afterMs: number

  constructor (afterMs: number, options?: ErrorOptions) {
    super(`closing did not end within ${afterMs} ms`, options)
    this.afterMs = afterMs
  }
}
