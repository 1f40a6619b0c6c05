import type { StreamCloseEvent, Stream as JsStream, StreamMessageEvent } from '@libp2p/interface'
import { type Clock, type MuxedStream, type ReadOptions, ResourceLimitExceededError, StreamErrorCode, StreamResetError, type Uint8ArrayList, type WriteOptions } from '@weir/network'
import { boundedClose } from './bounded-close.ts'
import { checkDeadline, type Deadline, type DeadlineTimer } from './deadline-timer.ts'
import { StreamReader } from './stream-reader.ts'
import { StreamWriter } from './stream-writer.ts'
import type { WriteTurns } from './write-turns.ts'

/** What the streams of one connection share. */
export interface StreamOwner {
  readonly clock: Clock
  readonly timer: DeadlineTimer
  readonly turns: WriteTurns
  readonly maxReadBufferBytes: number
  readonly maxWriteChunkBytes: number
  readonly closeTimeoutMs: number
  readonly streamCloseTimeoutMs: number
  /** What ended the connection, for a stream that ended with it. */
  connError (): Error
  /** Whether the connection is ending, for a stream that the muxer has aborted. */
  isEnding (): boolean
  /** The code of the reset that has just arrived, 0 when none did. */
  resetCode (stream: JsStream): number
  /** The stream has left the muxer. */
  ended (stream: JsMuxedStream): void
}

/** A stream of a js-libp2p muxer as a `MuxedStream`. Made with `fromStream` or by a connection of ours. */
export class JsMuxedStream implements MuxedStream {
  readonly #stream: JsStream
  readonly #owner: StreamOwner
  readonly #reader: StreamReader
  readonly #writer: StreamWriter
  #lingering: Deadline | undefined
  #remoteFinished = false
  #ended = false
  #error: Error | undefined
  #closingWrite: Promise<void> | undefined

  constructor (stream: JsStream, owner: StreamOwner) {
    this.#stream = stream
    this.#owner = owner
    this.#reader = new StreamReader(stream, owner.timer, owner.maxReadBufferBytes)
    this.#writer = new StreamWriter(stream, owner.timer, owner.turns, owner.maxWriteChunkBytes, cause => { this.#break(new StreamResetError({ remote: false, cause })) })
    stream.addEventListener('remoteCloseWrite', this.#onRemoteCloseWrite)
    stream.addEventListener('close', this.#onClose)
    stream.addEventListener('idle', this.#onIdle)
    stream.addEventListener('message', this.#onMessage)
    if (stream.remoteWriteStatus === 'closed' && stream.status !== 'aborted' && stream.status !== 'reset') this.#onRemoteCloseWrite()
    if (stream.status === 'closed' || stream.status === 'aborted' || stream.status === 'reset') this.#end(stream.status === 'reset' ? new StreamResetError({ remote: true }) : owner.connError())
  }

  read (options?: ReadOptions): Promise<Uint8Array | undefined> {
    return this.#reader.read(options)
  }

  write (data: Uint8Array | Uint8ArrayList, options?: WriteOptions): Promise<void> {
    return this.#writer.write(data, options)
  }

  closeWrite (): Promise<void> {
    this.#closingWrite ??= this.#writer.close().then(() => this.#sendEnd())
    return this.#closingWrite
  }

  async closeRead (): Promise<void> {
    this.#reader.close()
  }

  async close (): Promise<void> {
    this.#reader.close()
    if (!this.#ended && this.#lingering === undefined) {
      this.#lingering = { atMs: this.#owner.timer.nowMs() + this.#owner.streamCloseTimeoutMs, expire: () => { this.reset() } }
      this.#owner.timer.add(this.#lingering)
    }
    await this.closeWrite()
  }

  reset (): void {
    this.#break(new StreamResetError({ remote: false }))
  }

  resetWithError (errorCode: number): void {
    this.#break(new StreamResetError({ errorCode, remote: false }))
  }

  abort (cause: Error): void {
    this.#break(cause)
  }

  setDeadline (atMs?: number): void {
    this.setReadDeadline(atMs)
    this.setWriteDeadline(atMs)
  }

  setReadDeadline (atMs?: number): void {
    this.#reader.setDeadline(checkDeadline(atMs))
  }

  setWriteDeadline (atMs?: number): void {
    this.#writer.setDeadline(checkDeadline(atMs))
  }

  async * [Symbol.asyncIterator] (): AsyncGenerator<Uint8Array, void, undefined> {
    let finished = false
    try {
      while (true) {
        const chunk = await this.read()
        if (chunk === undefined) {
          finished = true
          return
        }
        yield chunk
      }
    } finally {
      if (!finished) this.#reader.close()
    }
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    await boundedClose(this.#owner.clock, this.#owner.closeTimeoutMs, () => this.close(), cause => { this.abort(cause) })
  }

  /** The connection is being closed: a stream that was not written to its end must not look as if it were. */
  endWithConn (error: Error): void {
    if (this.#closingWrite === undefined) this.#break(error)
  }

  /** The connection has ended. For muxers that do not close their streams then. */
  connEnded (error: Error): void {
    this.#end(error)
  }

  async #sendEnd (): Promise<void> {
    if (this.#ended || this.#error !== undefined) return
    await boundedClose(this.#owner.clock, this.#owner.closeTimeoutMs, async signal => {
      try {
        await this.#stream.close({ signal })
      } catch (error) {
        if (!this.#ended) throw error // it ended while it was closing: nothing is left to send
      }
    }, cause => { this.#break(new StreamResetError({ remote: false, cause })) })
  }

  /** Resets the stream; `error` is what its local users get to see. */
  #break (error: Error): void {
    if (this.#ended) return
    this.#error = error
    this.#reader.fail(error, true)
    this.#writer.fail(error)
    try {
      this.#stream.abort(error)
    } catch {
      // what cannot be reset has ended
    }
    this.#end(error)
  }

  /** @param error - what those get to see who read or write on; `undefined` when both halves have ended as they should */
  #end (error: Error | undefined): void {
    if (this.#ended) return
    this.#ended = true
    if (this.#lingering !== undefined) this.#owner.timer.delete(this.#lingering)
    if (error !== undefined) {
      // Once the remote has sent its end, what it sent before is whole, whatever happens to the connection.
      const reset = StreamResetError.is(error) || ResourceLimitExceededError.is(error)
      if (reset || !this.#remoteFinished) this.#reader.fail(error, reset)
      this.#writer.fail(error)
    }
    this.#owner.ended(this)
  }

  // Listeners of the stream: what they throw would end the process, so none of them may.

  readonly #onMessage = (event: StreamMessageEvent): void => {
    this.#reader.push(event.data)
  }

  readonly #onRemoteCloseWrite = (): void => {
    this.#remoteFinished = true
    this.#reader.finish()
  }

  readonly #onIdle = (): void => {
    // A js stream says so from within its own sending, where it takes bytes but sends none of them; and from within its
    // abort, just before it closes. By the next turn it has done either.
    if (this.#writer.waiting) queueMicrotask(() => { this.#writer.proceed() })
  }

  readonly #onClose = (event: StreamCloseEvent): void => {
    if (event.error === undefined) this.#end(this.#remoteFinished && this.#closingWrite !== undefined && !this.#writer.waiting ? undefined : this.#owner.connError())
    else if (event.local === true) this.#end(this.#error ?? (this.#owner.isEnding() ? this.#owner.connError() : new StreamResetError({ remote: false, cause: event.error })))
    else this.#end(remoteReset(this.#owner.resetCode(this.#stream)))
  }
}

function remoteReset (errorCode: number): Error {
  if (errorCode === StreamErrorCode.resourceLimitExceeded) return new ResourceLimitExceededError({ where: 'remote', errorCode })
  return new StreamResetError({ errorCode, remote: true })
}
