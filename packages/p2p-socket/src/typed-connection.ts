import { ConnectionClosedError, IoSchedulerClosedError, type IoStat } from '@weir/io-scheduler'
import { ReservationPriority } from '@weir/network'
import { endSession, type SessionParts } from './authenticated-conn.ts'
import type { ConnectionInfo } from './connection-info.ts'
import { CostQueue, type Ledger } from './cost-queue.ts'
import { P2P_SOCKET_DEFAULTS } from './defaults.ts'
import type { DisconnectionReason } from './disconnection-reason.ts'
import { EncodedMessage } from './encoded-message.ts'
import { type Encoding, encode } from './encoding/encoding.ts'
import type { MessageDecoder, SizedMessage } from './message-decoder.ts'
import { readMessages } from './message-reader.ts'
import { MessageWriter } from './message-writer.ts'
import type { CloseOptions, P2pConnection, WaitOptions } from './p2p-connection.ts'

export interface TypedConnectionInit<Message, Meta> extends SessionParts<Meta> {
  readonly encoding: Encoding<Message>
  readonly decoder: MessageDecoder<Message>
  readonly chunkBytes: number
  readonly incomingMessageQueueBytes: number
  readonly outgoingMessageQueueBytes: number
}

type During = 'read' | 'write'

export class TypedConnection<Message, Meta> implements P2pConnection<Message, Meta> {
  readonly info: ConnectionInfo<Meta>
  readonly #init: TypedConnectionInit<Message, Meta>
  readonly #incoming: CostQueue<SizedMessage<Message>>
  readonly #writer: MessageWriter
  readonly #reasons: DisconnectionReason[] = []
  readonly #closed = Promise.withResolvers<DisconnectionReason>()
  #draining: Promise<void> | undefined
  #isEnded = false

  constructor (init: TypedConnectionInit<Message, Meta>) {
    const { conn, reader, channel, decoder, scope } = init
    const ledger: Ledger = {
      reserve (bytes) { scope.reserveMemory(bytes, ReservationPriority.high) },
      release (bytes) { scope.releaseMemory(bytes) }
    }
    this.info = init.info
    this.#init = init
    this.#incoming = new CostQueue(init.incomingMessageQueueBytes, ledger)
    this.#writer = new MessageWriter({ conn, channel, queueBytes: init.outgoingMessageQueueBytes, ledger, onFailure: cause => { this.#end(cause, 'write') } })
    readMessages({ reader, channel, decoder, queue: this.#incoming, ledger }).catch((cause: unknown) => { this.#end(cause as Error, 'read') })
  }

  get localMetadata (): Meta {
    return this.info.localMetadata
  }

  get remoteMetadata (): Meta {
    return this.info.remoteMetadata
  }

  get privateNode (): boolean {
    return this.info.privateNode
  }

  get closingReasons (): readonly DisconnectionReason[] {
    return [...this.#reasons]
  }

  get closed (): Promise<DisconnectionReason> {
    return this.#closed.promise
  }

  async write (message: Message, { signal }: WaitOptions = {}): Promise<void> {
    await this.#writer.write(this.encode(message), signal)
  }

  writeNow (message: Message): boolean {
    return this.#writer.tryWrite(this.encode(message))
  }

  async writeSync (message: Message, { signal }: WaitOptions = {}): Promise<void> {
    await this.#writer.writeSync(this.encode(message), signal)
  }

  encode (message: Message): EncodedMessage<Message> {
    const { encoding, chunkBytes } = this.#init
    return new EncodedMessage(encode(encoding, message), chunkBytes)
  }

  writeEncodedNow (message: EncodedMessage<Message>): boolean {
    return this.#writer.tryWrite(message)
  }

  async read ({ signal }: WaitOptions = {}): Promise<SizedMessage<Message>> {
    return await this.#incoming.take(signal)
  }

  readNow (): SizedMessage<Message> | undefined {
    return this.#incoming.tryTake()
  }

  isReadable (): boolean {
    return this.#isEnded || this.#incoming.length > 0
  }

  stat (): IoStat {
    return this.#init.conn.stat()
  }

  equal (other: P2pConnection<unknown, unknown>): boolean {
    return other instanceof TypedConnection && other.#init.conn === this.#init.conn
  }

  toString (): string {
    const { peerId, idPoint: { address, port } } = this.info
    return `${peerId} (${address}${port === undefined ? '' : `, port ${port}`})`
  }

  addClosingReason (reason: DisconnectionReason): void {
    this.#reasons.push(reason)
  }

  async close ({ reason, wait = false, waitMs = P2P_SOCKET_DEFAULTS.closeWaitMs }: CloseOptions = {}): Promise<void> {
    if (!this.#isEnded) {
      if (reason !== undefined || this.#reasons.length === 0) this.#reasons.push(reason ?? { kind: 'unknown-reason' })
      if (wait) {
        this.#draining ??= this.#drain(waitMs)
        await this.#draining
      }
      this.#end(new ConnectionClosedError('local'), 'write')
    }
    await this.#closed.promise
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    await this.close()
  }

  /** Lets out what was written, closes the writing side, and waits for it, all until the deadline. */
  async #drain (waitMs: number): Promise<void> {
    const { clock, conn } = this.#init
    const late = new AbortController()
    using _deadline = clock.setTimeout(() => { late.abort(new ConnectionClosedError('local')) }, waitMs)
    const isLate = new Promise<void>(resolve => { late.signal.addEventListener('abort', () => { resolve() }) })
    try {
      await this.#writer.finish(new ConnectionClosedError('local'), late.signal)
      await Promise.race([conn.close(), isLate])
    } catch {
      // It is late, or the connection has ended by itself: it is ended below in any case.
    }
  }

  /** Once: what ended it comes first, and is why. */
  #end (cause: Error, during: During): void {
    if (this.#isEnded) return
    this.#isEnded = true
    if (this.#reasons.length === 0) this.#reasons.push(reasonOf(cause, during))
    const forWriters = ConnectionClosedError.is(cause) ? cause : new ConnectionClosedError('local', { cause })
    this.#incoming.end(forWriters, cause)
    this.#writer.end(forWriters)
    endSession(this.#init, forWriters)
    this.#closed.resolve(this.#reasons[0] ?? { kind: 'unknown-reason' })
  }
}

function reasonOf (cause: Error, during: During): DisconnectionReason {
  if (ConnectionClosedError.is(cause) && cause.by !== 'local') return { kind: cause.by === 'peer' ? 'connection-closed-by-peer' : 'connection-lost', during }
  if (IoSchedulerClosedError.is(cause)) return { kind: 'io-scheduler-shutdown' }
  return { kind: 'connection-closed-by-unexpected-error', during, error: cause.message }
}
