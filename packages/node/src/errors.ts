import { hasCode } from '@weir/network'

/** The end of a sentence that says why, when the cause does. */
function because (options: ErrorOptions | undefined): string {
  return options?.cause instanceof Error ? `: ${options.cause.message}` : ''
}

/** The data directory cannot be made or used. */
export class DataDirError extends Error {
  override readonly name = 'DataDirError'
  readonly code = 'DATA_DIR'
  readonly path: string

  constructor (path: string, options?: ErrorOptions) {
    super(`the data directory ${path} cannot be used${because(options)}`, options)
    this.path = path
  }

  static is (error: unknown): error is DataDirError {
    return hasCode(error, 'DATA_DIR')
  }
}

/** Another node runs on the data directory. */
export class DataDirLockedError extends Error {
  override readonly name = 'DataDirLockedError'
  readonly code = 'DATA_DIR_LOCKED'
  readonly path: string
  /** The process that holds the lock. */
  readonly pid: number

  constructor (path: string, pid: number, options?: ErrorOptions) {
    super(`the data directory ${path} is in use by process ${pid}: stop it, or take another directory`, options)
    this.path = path
    this.pid = pid
  }

  static is (error: unknown): error is DataDirLockedError {
    return hasCode(error, 'DATA_DIR_LOCKED')
  }
}

/** There is a key file, and it cannot be read. It is never replaced: the identity in it may be worth a lot. */
export class KeyFileUnreadableError extends Error {
  override readonly name = 'KeyFileUnreadableError'
  readonly code = 'KEY_FILE_UNREADABLE'
  readonly path: string

  constructor (path: string, options?: ErrorOptions) {
    super(`the key file ${path} cannot be read${because(options)}`, options)
    this.path = path
  }

  static is (error: unknown): error is KeyFileUnreadableError {
    return hasCode(error, 'KEY_FILE_UNREADABLE')
  }
}

/** The key file holds no usable private key. It is never replaced: repair it, or move it away for a new identity. */
export class KeyFileCorruptError extends Error {
  override readonly name = 'KeyFileCorruptError'
  readonly code = 'KEY_FILE_CORRUPT'
  readonly path: string

  // The cause is left out of the text on purpose: a decoder's message may quote what it could not decode.
  constructor (path: string, options?: ErrorOptions) {
    super(`the key file ${path} holds no private key: put it back from a copy, or move it away to get a new identity`, options)
    this.path = path
  }

  static is (error: unknown): error is KeyFileCorruptError {
    return hasCode(error, 'KEY_FILE_CORRUPT')
  }
}

/** Others than the owner may read or change the key file: what is in it may be known to them already. */
export class KeyFileInsecureError extends Error {
  override readonly name = 'KeyFileInsecureError'
  readonly code = 'KEY_FILE_INSECURE'
  readonly path: string
  /** The permission bits found, such as `0o644`. */
  readonly mode: number

  constructor (path: string, mode: number, options?: ErrorOptions) {
    super(`the key file ${path} is open to other users (mode ${mode.toString(8).padStart(4, '0')}): run chmod 600 ${path}`, options)
    this.path = path
    this.mode = mode
  }

  static is (error: unknown): error is KeyFileInsecureError {
    return hasCode(error, 'KEY_FILE_INSECURE')
  }
}

/** Something that is no pre-shared key of a private network. */
export class InvalidPskError extends Error {
  override readonly name = 'InvalidPskError'
  readonly code = 'INVALID_PSK'

  constructor (options?: ErrorOptions) {
    super('no pre-shared key: three lines are expected, /key/swarm/psk/1.0.0/, /base16/ and 64 hexadecimal digits', options)
  }

  static is (error: unknown): error is InvalidPskError {
    return hasCode(error, 'INVALID_PSK')
  }
}

/** A listen address that is no multiaddr. */
export class InvalidListenAddressError extends Error {
  override readonly name = 'InvalidListenAddressError'
  readonly code = 'INVALID_LISTEN_ADDRESS'
  readonly address: string

  constructor (address: string, options?: ErrorOptions) {
    super(`no multiaddr to listen on: ${JSON.stringify(address)}; one looks like /ip4/0.0.0.0/tcp/4001`, options)
    this.address = address
  }

  static is (error: unknown): error is InvalidListenAddressError {
    return hasCode(error, 'INVALID_LISTEN_ADDRESS')
  }
}

/** The control socket cannot be made, or not be talked to. */
export class ControlSocketError extends Error {
  override readonly name = 'ControlSocketError'
  readonly code = 'CONTROL_SOCKET'
  readonly path: string

  constructor (path: string, options?: ErrorOptions) {
    super(`the control socket ${path} cannot be used${because(options)}`, options)
    this.path = path
  }

  static is (error: unknown): error is ControlSocketError {
    return hasCode(error, 'CONTROL_SOCKET')
  }
}

/** Something on a control socket that is not its protocol. */
export class ControlProtocolError extends Error {
  override readonly name = 'ControlProtocolError'
  readonly code = 'CONTROL_PROTOCOL'

  static is (error: unknown): error is ControlProtocolError {
    return hasCode(error, 'CONTROL_PROTOCOL')
  }
}

/** A node that was asked on its control socket said no. */
export class ControlRequestError extends Error {
  override readonly name = 'ControlRequestError'
  readonly code = 'CONTROL_REQUEST'
  /** The code of what went wrong in the node. */
  readonly remoteCode: string

  constructor (remoteCode: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.remoteCode = remoteCode
  }

  static is (error: unknown): error is ControlRequestError {
    return hasCode(error, 'CONTROL_REQUEST')
  }
}

/** A parameter of a control request that is none such. */
export class ControlParamError extends Error {
  override readonly name = 'ControlParamError'
  readonly code = 'CONTROL_PARAM'
  readonly param: string

  constructor (param: string, expected: string, options?: ErrorOptions) {
    super(`${param} must be ${expected}`, options)
    this.param = param
  }

  static is (error: unknown): error is ControlParamError {
    return hasCode(error, 'CONTROL_PARAM')
  }
}

/** Something that is nobody whom a rule could be about. */
export class InvalidRuleTargetError extends Error {
  override readonly name = 'InvalidRuleTargetError'
  readonly code = 'INVALID_RULE_TARGET'
  readonly target: string

  constructor (target: string, options?: ErrorOptions) {
    super(`no peer id, IP address, subnet or multiaddr with one of them: ${JSON.stringify(target)}`, options)
    this.target = target
  }

  static is (error: unknown): error is InvalidRuleTargetError {
    return hasCode(error, 'INVALID_RULE_TARGET')
  }
}
