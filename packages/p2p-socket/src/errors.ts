import { hasCode } from '@weir/network'
import type { ConnectionId } from './connection-info.ts'
import type { P2pPeerId } from './p2p-peer-id.ts'
import type { P2pPoint } from './p2p-point.ts'
import type { RejectionMotive } from './rejection.ts'

// The errors of sessions. Those of bytes are in encoding/errors.ts, those of identities in identity-errors.ts, those of the
// layers above, which share Octez's catalogue, in pool-errors.ts. `octezId` is what Octez calls them. reference/tezos-p2p.md 2.10

/** A chunk whose tag is wrong: it was changed, replayed, or encrypted for somebody else. */
export class DecipherError extends Error {
  override readonly name = 'DecipherError'
  readonly code = 'P2P_DECIPHER'
  readonly octezId = 'node.p2p_socket.decipher_error'

  constructor (options?: ErrorOptions) {
    super('a chunk could not be decrypted', options)
  }

  static is (error: unknown): error is DecipherError {
    return hasCode(error, 'P2P_DECIPHER')
  }
}

/** Metadata or an answer that does not fit into one chunk. */
export class InvalidMessageSizeError extends Error {
  override readonly name = 'InvalidMessageSizeError'
  readonly code = 'P2P_INVALID_MESSAGE_SIZE'
  readonly octezId = 'node.p2p_socket.invalid_message_size'
  readonly sizeBytes: number

  constructor (sizeBytes: number, options?: ErrorOptions) {
    super(`${sizeBytes} bytes do not fit into a chunk`, options)
    this.sizeBytes = sizeBytes
  }

  static is (error: unknown): error is InvalidMessageSizeError {
    return hasCode(error, 'P2P_INVALID_MESSAGE_SIZE')
  }
}

/** A chunk that is shorter than its own tag. */
export class InvalidIncomingCiphertextSizeError extends Error {
  override readonly name = 'InvalidIncomingCiphertextSizeError'
  readonly code = 'P2P_INVALID_INCOMING_CIPHERTEXT_SIZE'
  readonly octezId = 'node.p2p_socket.invalid_incoming_ciphertext_size'
  readonly sizeBytes: number

  constructor (sizeBytes: number, options?: ErrorOptions) {
    super(`a chunk of ${sizeBytes} bytes is shorter than its tag`, options)
    this.sizeBytes = sizeBytes
  }

  static is (error: unknown): error is InvalidIncomingCiphertextSizeError {
    return hasCode(error, 'P2P_INVALID_INCOMING_CIPHERTEXT_SIZE')
  }
}

/** The peer closed the connection instead of accepting it. */
export class RejectedSocketConnectionError extends Error {
  override readonly name = 'RejectedSocketConnectionError'
  readonly code = 'P2P_REJECTED_SOCKET_CONNECTION'
  readonly octezId = 'node.p2p_socket.rejected_socket_connection'

  constructor (options?: ErrorOptions) {
    super('the peer closed the connection instead of accepting it', options)
  }

  static is (error: unknown): error is RejectedSocketConnectionError {
    return hasCode(error, 'P2P_REJECTED_SOCKET_CONNECTION')
  }
}

/** The peer refused: why, and where else one may try. */
export class RejectedByNackError extends Error {
  override readonly name = 'RejectedByNackError'
  readonly code = 'P2P_REJECTED_BY_NACK'
  readonly octezId = 'node.p2p_socket.rejected_by_nack'
  readonly motive: RejectionMotive
  /** Told by a peer that nothing is known of; undefined from one that speaks p2p version 0. */
  readonly alternativePoints: readonly P2pPoint[] | undefined

  constructor (motive: RejectionMotive, alternativePoints: readonly P2pPoint[] | undefined, options?: ErrorOptions) {
    super(`the peer refused: ${motive}`, options)
    this.motive = motive
    this.alternativePoints = alternativePoints
  }

  static is (error: unknown): error is RejectedByNackError {
    return hasCode(error, 'P2P_REJECTED_BY_NACK')
  }
}

/** The other end is this node. */
export class MyselfError extends Error {
  override readonly name = 'MyselfError'
  readonly code = 'P2P_MYSELF'
  readonly octezId = 'node.p2p_socket.myself'
  readonly connectionId: ConnectionId

  constructor (connectionId: ConnectionId, options?: ErrorOptions) {
    super(`the node at ${connectionId.address} is this one`, options)
    this.connectionId = connectionId
  }

  static is (error: unknown): error is MyselfError {
    return hasCode(error, 'P2P_MYSELF')
  }
}

/** The peer's stamp proves less work than is demanded. */
export class NotEnoughProofOfWorkError extends Error {
  override readonly name = 'NotEnoughProofOfWorkError'
  readonly code = 'P2P_NOT_ENOUGH_PROOF_OF_WORK'
  readonly octezId = 'node.p2p_socket.not_enough_proof_of_work'
  readonly peerId: P2pPeerId

  constructor (peerId: P2pPeerId, options?: ErrorOptions) {
    super(`the proof of work of ${peerId} is not enough`, options)
    this.peerId = peerId
  }

  static is (error: unknown): error is NotEnoughProofOfWorkError {
    return hasCode(error, 'P2P_NOT_ENOUGH_PROOF_OF_WORK')
  }
}

/** The peer's answer could not be decrypted. */
export class InvalidAuthError extends Error {
  override readonly name = 'InvalidAuthError'
  readonly code = 'P2P_INVALID_AUTH'
  readonly octezId = 'node.p2p_socket.invalid_auth'

  constructor (options?: ErrorOptions) {
    super('the peer is not who it said it was', options)
  }

  static is (error: unknown): error is InvalidAuthError {
    return hasCode(error, 'P2P_INVALID_AUTH')
  }
}

/** A chunk size that cannot be. */
export class InvalidChunksSizeError extends Error {
  override readonly name = 'InvalidChunksSizeError'
  readonly code = 'P2P_INVALID_CHUNKS_SIZE'
  readonly octezId = 'node.p2p_socket.invalid_chunks_size'
  readonly value: number
  readonly min: number
  readonly max: number

  constructor ({ value, min, max }: { value: number, min: number, max: number }, options?: ErrorOptions) {
    super(`chunks of ${value} bytes: ${min} to ${max} are possible`, options)
    this.value = value
    this.min = min
    this.max = max
  }

  static is (error: unknown): error is InvalidChunksSizeError {
    return hasCode(error, 'P2P_INVALID_CHUNKS_SIZE')
  }
}

/** A public key with which every shared secret is zero. */
export class LowOrderPublicKeyError extends Error {
  override readonly name = 'LowOrderPublicKeyError'
  readonly code = 'P2P_LOW_ORDER_PUBLIC_KEY'

  constructor (options?: ErrorOptions) {
    super('the public key is of low order: the shared secret would be zero', options)
  }

  static is (error: unknown): error is LowOrderPublicKeyError {
    return hasCode(error, 'P2P_LOW_ORDER_PUBLIC_KEY')
  }
}

/** All nonces of a session are used: it ends, for none may be used twice. */
export class NonceExhaustedError extends Error {
  override readonly name = 'NonceExhaustedError'
  readonly code = 'P2P_NONCE_EXHAUSTED'

  constructor (options?: ErrorOptions) {
    super('the nonces of the session are used up', options)
  }

  static is (error: unknown): error is NonceExhaustedError {
    return hasCode(error, 'P2P_NONCE_EXHAUSTED')
  }
}

/** A handshake that did not end in time. */
export class HandshakeTimeoutError extends Error {
  override readonly name = 'HandshakeTimeoutError'
  readonly code = 'P2P_HANDSHAKE_TIMEOUT'
  readonly temporary = true
  readonly step: 'authenticate' | 'accept' | 'nack'
  readonly timeoutMs: number

  constructor (step: 'authenticate' | 'accept' | 'nack', timeoutMs: number, options?: ErrorOptions) {
    super(`${step} took longer than ${timeoutMs} ms`, options)
    this.step = step
    this.timeoutMs = timeoutMs
  }

  static is (error: unknown): error is HandshakeTimeoutError {
    return hasCode(error, 'P2P_HANDSHAKE_TIMEOUT')
  }
}

/** More alternative points than a peer takes: it would greylist us. */
export class TooManyPointsError extends RangeError {
  override readonly name = 'TooManyPointsError'
  readonly code = 'P2P_TOO_MANY_POINTS'
  readonly points: number
  readonly max: number

  constructor ({ points, max }: { points: number, max: number }, options?: ErrorOptions) {
    super(`${points} alternative points, at most ${max} may be sent`, options)
    this.points = points
    this.max = max
  }

  static is (error: unknown): error is TooManyPointsError {
    return hasCode(error, 'P2P_TOO_MANY_POINTS')
  }
}

/** Writing an encoded message that was written before: its bytes are ciphertext by now. Copy it for each connection. */
export class EncodedMessageUsedError extends Error {
  override readonly name = 'EncodedMessageUsedError'
  readonly code = 'P2P_ENCODED_MESSAGE_USED'

  constructor (options?: ErrorOptions) {
    super('an encoded message can be written once: copy it first', options)
  }

  static is (error: unknown): error is EncodedMessageUsedError {
    return hasCode(error, 'P2P_ENCODED_MESSAGE_USED')
  }
}
