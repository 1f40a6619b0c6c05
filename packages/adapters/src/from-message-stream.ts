import type { MessageStream, StreamCloseEvent, StreamMessageEvent } from '@libp2p/interface'
import { type Clock, type SecureConn, StreamReadPendingError, systemClock } from '@weir/network'
import { Uint8ArrayList } from 'uint8arraylist'
import { boundedClose } from './bounded-close.ts'
import { ChunkQueue } from './chunk-queue.ts'
import { ADAPTERS_DEFAULTS } from './defaults.ts'
import { connClosed } from './ended-error.ts'
import { ConnReleasedError } from './errors.ts'
import { checkOptions, pick } from './options.ts'

export interface FromMessageStreamInit {
  /** Unread bytes above which the stream is paused. */
  readonly maxReadBufferBytes?: number | undefined
  /** How long `close` may take before it aborts. */
  readonly closeTimeoutMs?: number | undefined
  readonly clock?: Clock | undefined
}

/** A `SecureConn` that can give the stream below it back. */
export interface ReleasableConn extends SecureConn {
  /**
   * Lets go of the stream and returns it, as if it had never been read: all listeners are gone, unread bytes are in
   * front again, and it is not paused. For handing a connection on, as between a negotiation and the encrypter.
   *
   * @throws {StreamReadPendingError} while a read waits
   * @throws {ConnReleasedError} the second time
   */
  release (): MessageStream
}

const DEFAULTS = pick(ADAPTERS_DEFAULTS, 'maxReadBufferBytes', 'closeTimeoutMs')

/**
 * A js-libp2p `MessageStream`, raw or encrypted, as a `SecureConn`.
 *
 * It takes the stream's messages from now on and owns the stream until `release`. What is not read pauses the stream.
 * The end of the stream, by whichever side, ends reading once all is read; a fault rejects instead, with a
 * `ConnClosedError` when it was the remote's.
 */
export function fromMessageStream (stream: MessageStream, init: FromMessageStreamInit = {}): ReleasableConn {
  const { maxReadBufferBytes, closeTimeoutMs } = checkOptions('fromMessageStream', init, DEFAULTS, ['clock'])
  return new MessageStreamConn(stream, maxReadBufferBytes, closeTimeoutMs, init.clock ?? systemClock)
}

class MessageStreamConn implements ReleasableConn {
  readonly #stream: MessageStream
  readonly #maxReadBufferBytes: number
  readonly #closeTimeoutMs: number
  readonly #clock: Clock
  readonly #queue = new ChunkQueue<Uint8Array | Uint8ArrayList>()
  #reader: PromiseWithResolvers<Uint8ArrayList | Uint8Array | undefined> | undefined
  #drain: PromiseWithResolvers<void> | undefined
  #paused = false
  #resuming = false
  #ended = false
  #released = false
  readonly #gone = Promise.withResolvers<void>()
  #error: Error | undefined
  #closing: Promise<void> | undefined

  constructor (stream: MessageStream, maxReadBufferBytes: number, closeTimeoutMs: number, clock: Clock) {
    this.#stream = stream
    this.#maxReadBufferBytes = maxReadBufferBytes
    this.#closeTimeoutMs = closeTimeoutMs
    this.#clock = clock
    stream.addEventListener('close', this.#onClose)
    stream.addEventListener('end', this.#onEnd)
    stream.addEventListener('drain', this.#onDrain)
    stream.addEventListener('message', this.#onMessage)
    if (stream.status !== 'open' && stream.status !== 'closing') this.#ended = true
    if (stream.readableEnded) this.#onEnd()
  }

  read (): Promise<Uint8ArrayList | Uint8Array | undefined> {
    if (this.#reader !== undefined) return Promise.reject(new StreamReadPendingError())
    if (this.#released) return Promise.reject(new ConnReleasedError())
    if (this.#paused && this.#queue.bytes * 2 < this.#maxReadBufferBytes) this.#resume()
    const chunk = this.#queue.shift()
    if (chunk !== undefined) return Promise.resolve(chunk)
    if (this.#ended) return this.#error === undefined ? Promise.resolve(undefined) : Promise.reject(this.#error)
    this.#reader = Promise.withResolvers()
    return this.#reader.promise
  }

  write (data: Uint8Array | Uint8ArrayList): boolean {
    if (this.#released || this.#closing !== undefined || this.#stream.status !== 'open') return false
    try {
      return this.#stream.send(data)
    } catch (error) {
      this.abort(asError(error))
      return false
    }
  }

  drained (): Promise<void> {
    if (this.#released) return Promise.reject(new ConnReleasedError())
    if (this.#closing !== undefined || this.#stream.status !== 'open') return Promise.reject(this.#error ?? connClosed(undefined, this.#closing === undefined))
    if (!this.#stream.writableNeedsDrain) return Promise.resolve()
    if (this.#drain === undefined) {
      this.#drain = Promise.withResolvers()
      this.#drain.promise.catch(() => {}) // whoever stopped waiting must not end the process
    }
    return this.#drain.promise
  }

  close (): Promise<void> {
    this.#closing ??= this.#released
      ? Promise.resolve()
      // js-libp2p's own close waits for a drain that never comes when the socket breaks meanwhile.
      : boundedClose(this.#clock, this.#closeTimeoutMs, signal => Promise.race([this.#stream.close({ signal }), this.#gone.promise]), cause => { this.abort(cause) })
    return this.#closing
  }

  abort (cause: Error): void {
    if (this.#released) return
    this.#queue.clear()
    this.#end(cause)
    try {
      this.#stream.abort(cause)
    } catch {
      // a stream that cannot even be aborted: nothing is left to do with it
    }
  }

  release (): MessageStream {
    if (this.#released) throw new ConnReleasedError()
    if (this.#reader !== undefined) throw new StreamReadPendingError()
    this.#released = true
    this.#stream.removeEventListener('message', this.#onMessage)
    this.#stream.removeEventListener('drain', this.#onDrain)
    this.#stream.removeEventListener('end', this.#onEnd)
    this.#stream.removeEventListener('close', this.#onClose)
    this.#rejectDrain(() => new ConnReleasedError())
    const unread = this.#queue.clear()
    try {
      if (unread.length > 0) this.#stream.unshift(new Uint8ArrayList(...unread))
      if (this.#paused) this.#stream.resume()
    } catch {
      // it ended in the meantime, and its next owner will see that
    }
    return this.#stream
  }

  // Listeners of the stream: what they throw would end the process, so none of them may.

  readonly #onMessage = (event: StreamMessageEvent): void => {
    const reader = this.#reader
    if (reader !== undefined) {
      this.#reader = undefined
      reader.resolve(event.data)
      return
    }
    this.#queue.push(event.data)
    this.#pauseIfFull()
  }

  readonly #onDrain = (): void => {
    this.#drain?.resolve()
    this.#drain = undefined
  }

  readonly #onEnd = (): void => {
    // 'end' may come before the last message of the same frame.
    queueMicrotask(() => { this.#end(undefined) })
  }

  readonly #onClose = (event: StreamCloseEvent): void => {
    const error = event.error === undefined || event.local === true ? event.error : connClosed(event.error, true)
    this.#rejectDrain(() => error ?? connClosed(undefined, this.#closing === undefined))
    this.#gone.resolve()
    this.#end(error)
  }

  // What is still in the stream's own buffer is there because it is paused: the next read pulls it first.
  #end (error: Error | undefined): void {
    this.#error ??= error
    this.#ended = true
    if (error !== undefined) this.#rejectDrain(() => error)
    const reader = this.#reader
    if (reader === undefined) return
    this.#reader = undefined
    if (this.#error === undefined) reader.resolve(undefined)
    else reader.reject(this.#error)
  }

  /** @param error - made only when somebody waits: most connections end without, and an error costs as much as a cipher call */
  #rejectDrain (error: () => Error): void {
    this.#drain?.reject(error())
    this.#drain = undefined
  }

  #pauseIfFull (): void {
    // A pause within `resume` would be undone by the rest of it.
    if (this.#paused || this.#resuming || this.#queue.bytes <= this.#maxReadBufferBytes) return
    try {
      this.#stream.pause()
      this.#paused = true
    } catch {
      // it is closing: there will not be much more
    }
  }

  #resume (): void {
    this.#paused = false
    this.#resuming = true
    try {
      this.#stream.resume()
    } catch {
      // it has ended, and all it had is here
    }
    this.#resuming = false
    this.#pauseIfFull()
  }
}

function asError (error: unknown): Error {
  return error instanceof Error ? error : new Error('sending failed', { cause: error })
}
