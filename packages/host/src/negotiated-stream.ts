import { addAbortListener } from 'node:events'
import type { LazySelect } from '@weir/multistream'
import {
  type Clock, type Conn, type ProtocolID, type ReadOptions, type Stats, type Stream, StreamErrorCode, StreamReadClosedError, StreamReadPendingError,
  StreamResetError, type StreamScope, type Uint8ArrayList as ByteList, type WriteOptions
} from '@weir/network'
import { Uint8ArrayList } from 'uint8arraylist'

export interface NegotiatedStreamInit {
  /** Below, with its protocol set. It ends with the result. */
  readonly stream: Stream
  /** Bytes that came behind the answer. */
  readonly rest?: Uint8Array | undefined
  /** The agreement, when it is still to be reached. */
  readonly lazy?: LazySelect | undefined
  readonly clock: Clock
  /** How long the answer is waited for after `close`. */
  readonly answerTimeoutMs: number
  /** The remote did not agree to what it was known to speak, or went away instead of agreeing. Called once. Must not throw. */
  onRefused? (): void
}

/**
 * A stream behind its negotiation: reads begin with what came behind the answer, and with an optimistic negotiation the
 * proposal travels with the first write and the answer is waited for by the first read.
 *
 * A remote that does not agree after all shows on read, as `ProtocolNotSupportedError` or `NegotiationError`, or as a reset
 * where that overtakes its answer; what was written is lost then. A first write that fails ends the stream: whether the proposal went out is not known.
 * `close` and `closeWrite` send the proposal when nothing was written. `close` does not wait for the answer, but keeps the
 * stream below until it has come, for at most `answerTimeoutMs`: ended earlier, it might be reset by the answer, and the
 * remote would lose what it has not read yet. `stat` counts the bytes of the negotiation too.
 *
 * @see reference/go-libp2p.md 6, "Lazy stream wrapper"
 */
export class NegotiatedStream implements Stream {
  readonly #init: NegotiatedStreamInit
  readonly #stream: Stream
  #prefix: Uint8Array | undefined
  #lazy: LazySelect | undefined
  #rest: Uint8Array | undefined
  #failure: Error | undefined
  #answer: Promise<void> | undefined
  #wakeReader: ((error: Error) => void) | undefined
  #readClosed = false
  #refused = false
  #closing: Promise<void> | undefined

  constructor (init: NegotiatedStreamInit) {
    this.#init = init
    this.#stream = init.stream
    this.#lazy = init.lazy
    this.#prefix = init.lazy?.prefix
    this.#rest = init.rest === undefined || init.rest.byteLength === 0 ? undefined : init.rest
  }

  get id (): string {
    return this.#stream.id
  }

  get protocol (): ProtocolID | undefined {
    return this.#stream.protocol
  }

  get conn (): Conn {
    return this.#stream.conn
  }

  get scope (): StreamScope {
    return this.#stream.scope
  }

  setProtocol (id: ProtocolID): void {
    this.#stream.setProtocol(id)
  }

  stat (): Stats {
    return this.#stream.stat()
  }

  async read (options?: ReadOptions): Promise<Uint8Array | undefined> {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#readClosed) throw new StreamReadClosedError()
    if (this.#lazy !== undefined) await this.#answered(options?.signal)
    if (this.#rest === undefined) return await this.#stream.read(options)
    options?.signal?.throwIfAborted()
    const rest = this.#rest
    this.#rest = undefined
    return rest
  }

  async * [Symbol.asyncIterator] (): AsyncGenerator<Uint8Array> {
    for (let bytes = await this.read(); bytes !== undefined; bytes = await this.read()) yield bytes
  }

  async write (data: Uint8Array | ByteList, options?: WriteOptions): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#prefix === undefined) {
      await this.#stream.write(data, options)
      return
    }
    options?.signal?.throwIfAborted() // the proposal is not spent on a write that does not begin
    await this.#writeBehindPrefix(this.#prefix, data, options)
  }

  async closeWrite (): Promise<void> {
    await this.#sendPrefix()
    await this.#stream.closeWrite()
  }

  async closeRead (): Promise<void> {
    this.#stopReading()
    if (this.#lazy === undefined) {
      await this.#stream.closeRead()
      return
    }
    void this.#readAnswer().then(async () => { await this.#stream.closeRead() }).catch(() => {}) // writes tell of it
  }

  async close (): Promise<void> {
    if (this.#closing === undefined && this.#lazy === undefined) {
      this.#stopReading()
      await this.#stream.close()
      return
    }
    this.#closing ??= this.#closeUnanswered()
    await this.#closing
  }

  reset (): void {
    this.#rest = undefined
    this.#stream.reset()
  }

  resetWithError (errorCode: number): void {
    this.#rest = undefined
    this.#stream.resetWithError(errorCode)
  }

  abort (cause: Error): void {
    this.#rest = undefined
    this.#stream.abort(cause)
  }

  setDeadline (atMs?: number): void {
    this.#stream.setDeadline(atMs)
  }

  setReadDeadline (atMs?: number): void {
    this.#stream.setReadDeadline(atMs)
  }

  setWriteDeadline (atMs?: number): void {
    this.#stream.setWriteDeadline(atMs)
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    if (this.#lazy === undefined && this.#closing === undefined) await this.#stream[Symbol.asyncDispose]()
    else await this.close() // its deadline is set there
  }

  async #writeBehindPrefix (prefix: Uint8Array, data: Uint8Array | ByteList | undefined, options?: WriteOptions): Promise<void> {
    this.#prefix = undefined
    try {
      await this.#stream.write(data === undefined ? prefix : new Uint8ArrayList(prefix, data), options)
    } catch (error) {
      this.#stream.abort(asError(error))
      throw error
    }
  }

  async #sendPrefix (): Promise<void> {
    if (this.#prefix !== undefined) await this.#writeBehindPrefix(this.#prefix, undefined)
  }

  // The answer has one reader of its own, so that a read that is given up loses none of it.
  async #answered (signal: AbortSignal | undefined): Promise<void> {
    if (this.#wakeReader !== undefined) throw new StreamReadPendingError()
    signal?.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#wakeReader = reject
    using _ = signal === undefined ? undefined : addAbortListener(signal, () => { reject(signal.reason) })
    this.#readAnswer().then(resolve, reject)
    try {
      await promise
    } finally {
      this.#wakeReader = undefined
    }
  }

  #readAnswer (): Promise<void> {
    this.#answer ??= this.#receiveAnswer().finally(() => { this.#answer = undefined })
    return this.#answer
  }

  async #receiveAnswer (): Promise<void> {
    await this.#sendPrefix()
    while (this.#lazy !== undefined) {
      const bytes = await this.#stream.read().catch(error => { throw this.#doubted(error) })
      const rest = this.#feed(this.#lazy, bytes)
      if (rest !== undefined && rest.byteLength > 0 && !this.#readClosed) this.#rest = rest
    }
  }

  /** @returns what lies behind the answer, once it is complete */
  #feed (lazy: LazySelect, bytes: Uint8Array | undefined): Uint8Array | undefined {
    try {
      if (bytes === undefined) lazy.end()
      else {
        const { done, rest } = lazy.feed(bytes)
        if (!done) return undefined
        this.#lazy = undefined
        return rest
      }
    } catch (error) {
      this.#failure = asError(error)
      this.#refuse()
      this.#stream.resetWithError(StreamErrorCode.protocolNegotiationFailed)
      throw error
    }
    return undefined
  }

  // A remote that takes the bytes behind a refused proposal for nonsense may reset the stream before its refusal is read.
  #doubted (error: unknown): unknown {
    if (StreamResetError.is(error) && error.remote) this.#refuse()
    return error
  }

  // Once: what was forgotten may have been learned anew since.
  #refuse (): void {
    if (!this.#refused) this.#init.onRefused?.()
    this.#refused = true
  }

  #stopReading (): void {
    this.#readClosed = true
    this.#rest = undefined
    this.#wakeReader?.(new StreamReadClosedError())
  }

  async #closeUnanswered (): Promise<void> {
    const { clock, answerTimeoutMs } = this.#init
    this.#stopReading()
    this.#stream.setDeadline(clock.monotonicMs() + answerTimeoutMs)
    try {
      await this.closeWrite()
    } catch (error) {
      this.#stream.abort(asError(error)) // as a stream that the remote has reset: there is nothing left to close
      return
    }
    void this.#readAnswer().then(async () => { await this.#stream.close() }).catch(() => { this.#stream.reset() })
  }
}

function asError (cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause), { cause })
}
