import { hasCode, type ProtocolID } from '@weir/network'

/** The remote speaks none of the protocols that were proposed. The stream may be closed or reset; nothing else went wrong. */
export class ProtocolNotSupportedError extends Error {
  override readonly name = 'ProtocolNotSupportedError'
  readonly code = 'PROTOCOL_NOT_SUPPORTED'
  readonly protocols: readonly ProtocolID[]

  constructor (protocols: readonly ProtocolID[], options?: ErrorOptions) {
    super(`the remote does not speak ${protocols.join(', ')}`, options)
    this.protocols = protocols
  }

  static is (error: unknown): error is ProtocolNotSupportedError {
    return hasCode(error, 'PROTOCOL_NOT_SUPPORTED')
  }
}

/**
 * What the remote did wrong.
 *
 * - `bad-header`: its first message is not multistream-select's
 * - `message-too-long`: a length above the limit was announced
 * - `bad-length`: a length of zero, or one written with more bytes than it needs
 * - `malformed-message`: no newline at the end, nothing before it, or no UTF-8
 * - `unexpected-answer`: neither the proposal nor `na`
 * - `too-many-proposals`: more than `maxProposals`
 * - `unexpected-end`: the stream ended before an agreement
 */
export type NegotiationFault =
  | 'bad-header'
  | 'message-too-long'
  | 'bad-length'
  | 'malformed-message'
  | 'unexpected-answer'
  | 'too-many-proposals'
  | 'unexpected-end'

const FAULT_TEXT: Readonly<Record<NegotiationFault, string>> = Object.freeze({
  'bad-header': 'the remote does not speak multistream-select 1.0.0',
  'message-too-long': 'a message longer than allowed was announced',
  'bad-length': 'a length is 0, or written with more bytes than it needs',
  'malformed-message': 'a message is not one line of UTF-8 with a newline at its end',
  'unexpected-answer': 'the remote answered with another protocol than was proposed',
  'too-many-proposals': 'the remote proposed too often without success',
  'unexpected-end': 'the stream ended before an agreement'
})

/** The remote does not keep to multistream-select: reset the stream. */
export class NegotiationError extends Error {
  override readonly name = 'NegotiationError'
  readonly code = 'NEGOTIATION_FAILED'
  readonly fault: NegotiationFault

  constructor (fault: NegotiationFault, options?: ErrorOptions) {
    super(`protocol negotiation failed: ${FAULT_TEXT[fault]}`, options)
    this.fault = fault
  }

  static is (error: unknown): error is NegotiationError {
    return hasCode(error, 'NEGOTIATION_FAILED')
  }
}
