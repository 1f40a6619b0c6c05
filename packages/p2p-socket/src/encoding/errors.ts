import { hasCode } from '@weir/network'

/** What was wrong with bytes. The words are those of Octez's `Data_encoding`, with dashes. */
export type DecodingFault =
  | 'not-enough-data'
  | 'extra-bytes'
  | 'unexpected-tag'
  | 'invalid-int'
  | 'list-too-long'
  | 'size-limit-exceeded'
  | 'exception-raised-in-user-function'

/** Bytes that are no value of their encoding. A peer that sends such is to be greylisted. @see reference/tezos-p2p.md 2.1 */
export class DecodingError extends Error {
  override readonly name = 'DecodingError'
  readonly code = 'P2P_DECODING'
  readonly octezId = 'Decoding_error'
  readonly fault: DecodingFault

  constructor (fault: DecodingFault, detail: string, options?: ErrorOptions) {
    super(`decoding failed, ${fault}: ${detail}`, options)
    this.fault = fault
  }

  static is (error: unknown): error is DecodingError {
    return hasCode(error, 'P2P_DECODING')
  }
}

/** A value that its encoding cannot express. @see reference/tezos-p2p.md 2.10 */
export class EncodingError extends Error {
  override readonly name = 'EncodingError'
  readonly code = 'P2P_ENCODING'
  readonly octezId = 'Encoding_error'

  constructor (detail: string, options?: ErrorOptions) {
    super(`encoding failed: ${detail}`, options)
  }

  static is (error: unknown): error is EncodingError {
    return hasCode(error, 'P2P_ENCODING')
  }
}
