import { ConnectionClosedError } from '@weir/io-scheduler'
import { ackEncoding } from './ack.ts'
import { type AuthenticatedConn, endSession, readChunk, type SessionParts, UnansweredConn, writeChunk } from './authenticated-conn.ts'
import { P2P_SOCKET_DEFAULTS } from './defaults.ts'
import { decode, type Encoding, encode } from './encoding/encoding.ts'
import { DecipherError, InvalidAuthError, RejectedByNackError, RejectedSocketConnectionError } from './errors.ts'
import { checkAboveZero, checkKeys } from './check-options.ts'
import { checkBinaryChunksSize, MAX_CHUNK_BYTES } from './chunk-size.ts'
import { HandshakeDeadline } from './handshake-deadline.ts'
import { MessageDecoder } from './message-decoder.ts'
import type { P2pConnection } from './p2p-connection.ts'
import { TypedConnection } from './typed-connection.ts'

/** What an accepted connection carries, and how much of it. */
export interface AcceptInit<Message> {
  /** Of messages: must tell its own size, and be at least one byte. See `p2pMessageEncoding`. */
  readonly encoding: Encoding<Message>
  readonly incomingMessageQueueBytes?: number | undefined
  readonly outgoingMessageQueueBytes?: number | undefined
  /** What a chunk takes on the wire, 19 to 65535. @defaultValue 65535 */
  readonly binaryChunksSizeBytes?: number | undefined
  readonly maxMessageBytes?: number | undefined
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

const KNOWN: ReadonlySet<string> = new Set<keyof AcceptInit<never>>([
  'encoding', 'incomingMessageQueueBytes', 'outgoingMessageQueueBytes', 'binaryChunksSizeBytes', 'maxMessageBytes', 'timeoutMs', 'signal'
])

/**
 * Says yes, and waits for the peer's answer.
 *
 * @throws {InvalidChunksSizeError | RangeError | TypeError} at a wrong option, before anything is done: the connection is still the caller's
 * @throws {RejectedByNackError} when the peer refused @throws {RejectedSocketConnectionError} when it closed instead
 * @throws {InvalidAuthError} when its answer could not be decrypted @throws {DecodingError} when it is none
 * @throws {HandshakeTimeoutError} or the signal's reason
 * @see seed 002, "accept"; reference/tezos-p2p.md 2.7
 */
export async function accept<Message, Meta> (conn: AuthenticatedConn<Meta>, init: AcceptInit<Message>): Promise<P2pConnection<Message, Meta>> {
  const {
    binaryChunksSizeBytes = MAX_CHUNK_BYTES,
    incomingMessageQueueBytes = P2P_SOCKET_DEFAULTS.incomingMessageQueueBytes,
    outgoingMessageQueueBytes = P2P_SOCKET_DEFAULTS.outgoingMessageQueueBytes,
    maxMessageBytes = P2P_SOCKET_DEFAULTS.maxMessageBytes,
    timeoutMs = P2P_SOCKET_DEFAULTS.authenticationTimeoutMs
  } = init
  checkKeys('accept', init, KNOWN)
  checkBinaryChunksSize(binaryChunksSizeBytes)
  for (const [name, value] of Object.entries({ incomingMessageQueueBytes, outgoingMessageQueueBytes, maxMessageBytes, timeoutMs })) {
    checkAboveZero(name, value)
  }
  const decoder = new MessageDecoder(init.encoding, maxMessageBytes)
  const parts = UnansweredConn.take(conn)
  try {
    using deadline = new HandshakeDeadline('accept', { conn: parts.conn, clock: parts.clock, timeoutMs, signal: init.signal })
    deadline.throwIfAborted()
    writeChunk(parts, encode(ackEncoding, { kind: 'ack' }))
    await readAck(parts)
    deadline.throwIfAborted()
    return new TypedConnection({ ...parts, encoding: init.encoding, decoder, chunkBytes: binaryChunksSizeBytes, incomingMessageQueueBytes, outgoingMessageQueueBytes })
  } catch (error) {
    endSession(parts, error as Error)
    throw error
  }
}

async function readAck<Meta> (parts: SessionParts<Meta>): Promise<void> {
  let plaintext: Uint8Array
  try {
    plaintext = await readChunk(parts)
  } catch (cause) {
    if (ConnectionClosedError.is(cause)) throw new RejectedSocketConnectionError({ cause })
    if (DecipherError.is(cause)) throw new InvalidAuthError({ cause })
    throw cause
  }
  const answer = decode(ackEncoding, plaintext)
  if (answer.kind === 'nack-v0') throw new RejectedByNackError('no-motive', undefined)
  if (answer.kind === 'nack') throw new RejectedByNackError(answer.motive, answer.points)
}
