import type { IoStat } from '@weir/io-scheduler'
import type { ConnectionInfo } from './connection-info.ts'
import type { DisconnectionReason } from './disconnection-reason.ts'
import type { EncodedMessage } from './encoded-message.ts'
import type { SizedMessage } from './message-decoder.ts'

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined
}

export interface CloseOptions {
  /** @defaultValue `{ kind: 'unknown-reason' }`, when none was added before */
  readonly reason?: DisconnectionReason | undefined
  /** Whether to let the socket take first what was written. @defaultValue false: it is thrown away */
  readonly wait?: boolean | undefined
  /** How long to wait at most. */
  readonly waitMs?: number | undefined
}

/**
 * A connection that both sides have accepted: typed messages, encrypted, in their order.
 *
 * Both directions have a queue that is bounded by what its messages cost. Once the connection has ended, messages that had come
 * in can still be read; then reading rejects with what ended it, and writing with `ConnectionClosedError`.
 *
 * @see seed 002, "P2p_socket.t"
 */
export interface P2pConnection<Message, Meta> extends AsyncDisposable {
  readonly info: ConnectionInfo<Meta>
  readonly localMetadata: Meta
  readonly remoteMetadata: Meta
  /** Whether the peer asked not to be told of to others. */
  readonly privateNode: boolean
  /** Why it was closed, or will be, the oldest reason first. */
  readonly closingReasons: readonly DisconnectionReason[]
  /** Resolves when it has ended, with the first reason. Never rejects. */
  readonly closed: Promise<DisconnectionReason>

  /** Resolves when the message is in the queue. Aborted, the message is not sent. @throws {ConnectionClosedError | EncodingError | ResourceLimitExceededError} or the signal's reason */
  write (message: Message, options?: WaitOptions): Promise<void>
  /** @returns whether the message is in the queue; if not, it was dropped @throws {ConnectionClosedError | EncodingError | ResourceLimitExceededError} */
  writeNow (message: Message): boolean
  /** Resolves when the socket has taken the last byte. Aborted, the message may be sent all the same. @throws as `write` */
  writeSync (message: Message, options?: WaitOptions): Promise<void>
  /** Encodes a message for `writeEncodedNow` of this connection or of another. @throws {EncodingError} */
  encode (message: Message): EncodedMessage<Message>
  /** `writeNow` of what is encoded. It takes the bytes when it returns true; then a second use is an error. @throws {ConnectionClosedError | EncodedMessageUsedError | ResourceLimitExceededError} */
  writeEncodedNow (message: EncodedMessage<Message>): boolean
  /** Takes the next message. Aborted, it takes none. @throws what ended the connection, or the signal's reason */
  read (options?: WaitOptions): Promise<SizedMessage<Message>>
  /** Takes the next message, undefined when there is none. @throws what ended the connection, when nothing is left */
  readNow (): SizedMessage<Message> | undefined
  /** Whether there is a message to take, or an end to be told. */
  isReadable (): boolean
  stat (): IoStat
  /** Whether both are over the same connection. */
  equal (other: P2pConnection<unknown, unknown>): boolean
  /** For people: the peer and where it is. */
  toString (): string
  /** Remembers why it will be closed soon. */
  addClosingReason (reason: DisconnectionReason): void
  /** Ends it. Resolves when it has ended. Closing twice is harmless. */
  close (options?: CloseOptions): Promise<void>
}
