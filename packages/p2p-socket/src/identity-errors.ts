import { hasCode } from '@weir/network'

/** Reading an identity where there is no file. */
export class NoIdentityFileError extends Error {
  override readonly name = 'NoIdentityFileError'
  readonly code = 'P2P_NO_IDENTITY_FILE'
  readonly octezId = 'main.identity.no_file'
  readonly path: string

  constructor (path: string, options?: ErrorOptions) {
    super(`there is no identity at ${path}: generate one`, options)
    this.path = path
  }

  static is (error: unknown): error is NoIdentityFileError {
    return hasCode(error, 'P2P_NO_IDENTITY_FILE')
  }
}

/** A file that is no identity: no JSON, or a field that is missing or not of its form. */
export class InvalidIdentityFileError extends Error {
  override readonly name = 'InvalidIdentityFileError'
  readonly code = 'P2P_INVALID_IDENTITY_FILE'
  readonly path: string

  constructor (path: string, detail: string, options?: ErrorOptions) {
    super(`${path} is no identity: ${detail}`, options)
    this.path = path
  }

  static is (error: unknown): error is InvalidIdentityFileError {
    return hasCode(error, 'P2P_INVALID_IDENTITY_FILE')
  }
}

/** The peer id in the file is not that of its public key. */
export class IdentityMismatchError extends Error {
  override readonly name = 'IdentityMismatchError'
  readonly code = 'P2P_IDENTITY_MISMATCH'
  readonly octezId = 'main.identity.identity_mismatch'
  readonly path: string

  constructor (path: string, options?: ErrorOptions) {
    super(`the peer id in ${path} is not that of its public key`, options)
    this.path = path
  }

  static is (error: unknown): error is IdentityMismatchError {
    return hasCode(error, 'P2P_IDENTITY_MISMATCH')
  }
}

/** The public key in the file is not that of its secret key. */
export class IdentityKeysMismatchError extends Error {
  override readonly name = 'IdentityKeysMismatchError'
  readonly code = 'P2P_IDENTITY_KEYS_MISMATCH'
  readonly octezId = 'main.identity.identity_keys_mismatch'
  readonly path: string

  constructor (path: string, options?: ErrorOptions) {
    super(`the public key in ${path} is not that of its secret key`, options)
    this.path = path
  }

  static is (error: unknown): error is IdentityKeysMismatchError {
    return hasCode(error, 'P2P_IDENTITY_KEYS_MISMATCH')
  }
}

/** The stamp in the file proves less work than was asked for: peers that ask for it would refuse this node. */
export class InsufficientProofOfWorkError extends Error {
  override readonly name = 'InsufficientProofOfWorkError'
  readonly code = 'P2P_INSUFFICIENT_PROOF_OF_WORK'
  readonly octezId = 'main.identity.insufficient_proof_of_work'
  readonly path: string
  readonly expectedBits: number

  constructor (path: string, expectedBits: number, options?: ErrorOptions) {
    super(`the proof of work in ${path} is below ${expectedBits}: generate another identity`, options)
    this.path = path
    this.expectedBits = expectedBits
  }

  static is (error: unknown): error is InsufficientProofOfWorkError {
    return hasCode(error, 'P2P_INSUFFICIENT_PROOF_OF_WORK')
  }
}

/** Writing an identity where there is a file. */
export class ExistentIdentityFileError extends Error {
  override readonly name = 'ExistentIdentityFileError'
  readonly code = 'P2P_EXISTENT_IDENTITY_FILE'
  readonly octezId = 'main.identity.existent_file'
  readonly path: string

  constructor (path: string, options?: ErrorOptions) {
    super(`there is an identity at ${path} already: it is not overwritten`, options)
    this.path = path
  }

  static is (error: unknown): error is ExistentIdentityFileError {
    return hasCode(error, 'P2P_EXISTENT_IDENTITY_FILE')
  }
}
