import { hasCode } from '@weir/network'

/** A text or bytes that are no peer id. */
export class InvalidPeerIdError extends Error {
  override readonly name = 'InvalidPeerIdError'
  readonly code = 'P2P_INVALID_PEER_ID'
  readonly value: string

  constructor (value: string, options?: ErrorOptions) {
    super(`${JSON.stringify(value)} is no peer id`, options)
    this.value = value
  }

  static is (error: unknown): error is InvalidPeerIdError {
    return hasCode(error, 'P2P_INVALID_PEER_ID')
  }
}

/** A text that is no point. */
export class InvalidPointError extends Error {
  override readonly name = 'InvalidPointError'
  readonly code = 'P2P_INVALID_POINT'
  readonly value: string

  constructor (value: string, options?: ErrorOptions) {
    super(`${JSON.stringify(value)} is no point: address:port is one`, options)
    this.value = value
  }

  static is (error: unknown): error is InvalidPointError {
    return hasCode(error, 'P2P_INVALID_POINT')
  }
}
