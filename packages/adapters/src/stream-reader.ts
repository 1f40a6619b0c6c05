import type { Stream as JsStream } from '@libp2p/interface'
import { DeadlineExceededError, type ReadOptions, StreamReadClosedError, StreamReadPendingError, type Uint8ArrayList } from '@weir/network'
import { ChunkQueue } from './chunk-queue.ts'
import type { Deadline, DeadlineTimer } from './deadline-timer.ts'

/**
 * The reading half of a js stream: what arrived and was not read yet, and the one read that waits.
 *
 * A js stream pushes; this makes it pull by pausing it. It does not end the stream and knows nothing of writing.
 */
export class StreamReader implements Deadline {
  /** The read deadline, `Infinity` for none. */
  atMs: number = Infinity

  readonly #stream: JsStream
  readonly #timer: DeadlineTimer
  readonly #maxBufferBytes: number
  readonly #queue = new ChunkQueue<Uint8Array>()
  #waiting: PromiseWithResolvers<Uint8Array | undefined> | undefined
  #signal: AbortSignal | undefined
  #established = false
  #paused: boolean
  #resuming = false
  #closed = false
  #dropping = false
  #finished = false
  #error: Error | undefined

  constructor (stream: JsStream, timer: DeadlineTimer, maxBufferBytes: number) {
    this.#stream = stream
    this.#timer = timer
    this.#maxBufferBytes = maxBufferBytes
    this.#paused = stream.readStatus === 'paused'
  }

  read ({ signal }: ReadOptions = {}): Promise<Uint8Array | undefined> {
    if (this.#waiting !== undefined) return Promise.reject(new StreamReadPendingError())
    if (this.#closed) return Promise.reject(new StreamReadClosedError())
    if (signal?.aborted === true) return Promise.reject(signal.reason)
    if (this.atMs !== Infinity && this.atMs <= this.#timer.nowMs()) return Promise.reject(new DeadlineExceededError('read'))
    if (this.#paused && this.#queue.bytes * 2 < this.#maxBufferBytes) this.#resume()
    const chunk = this.#queue.shift()
    if (chunk !== undefined) return Promise.resolve(chunk)
    if (this.#error !== undefined) return Promise.reject(this.#error)
    if (this.#finished) return Promise.resolve(undefined)
    this.#waiting = Promise.withResolvers()
    if (signal !== undefined) {
      this.#signal = signal
      signal.addEventListener('abort', this.#onAbort)
    }
    this.#timer.add(this)
    return this.#waiting.promise
  }

  /** Bytes from the remote. */
  push (data: Uint8Array | Uint8ArrayList): void {
    if (this.#dropping) return
    if (data instanceof Uint8Array) this.#queue.push(data)
    else for (const chunk of data) if (chunk.byteLength > 0) this.#queue.push(chunk)
    if (this.#waiting !== undefined) {
      const chunk = this.#queue.shift()
      if (chunk !== undefined) this.#stopWaiting()?.resolve(chunk)
    }
    // The first message comes before a js yamux stream has sent its ACK, and a pause would take that away: the next turn is early enough.
    if (this.#established) this.#pauseIfFull()
    else queueMicrotask(() => { this.#pauseIfFull() })
    this.#established = true
  }

  /** The remote has sent its end. What is there stays readable. */
  finish (): void {
    // js yamux tells of the end before the bytes of the same frame.
    queueMicrotask(() => {
      this.#finished = true
      this.#stopWaiting()?.resolve(undefined)
    })
  }

  /** The stream has broken. @param discard - whether what is there is worthless now */
  fail (error: Error, discard: boolean): void {
    this.#error ??= error
    if (discard) {
      this.#dropping = true
      this.#queue.clear()
    }
    this.#stopWaiting()?.reject(error)
  }

  /** Nobody reads any more: what comes is dropped, and the sender goes on. */
  close (): void {
    if (this.#closed) return
    this.#closed = true
    this.#dropping = true
    this.#queue.clear()
    this.#stopWaiting()?.reject(new StreamReadClosedError())
    if (this.#paused) this.#resume()
  }

  setDeadline (atMs: number): void {
    this.#timer.delete(this)
    this.atMs = atMs
    if (this.#waiting === undefined) return
    if (atMs <= this.#timer.nowMs()) this.expire()
    else this.#timer.add(this)
  }

  expire (): void {
    this.#stopWaiting()?.reject(new DeadlineExceededError('read'))
  }

  readonly #onAbort = (): void => {
    const reason: unknown = this.#signal?.reason
    this.#stopWaiting()?.reject(reason)
  }

  #stopWaiting (): PromiseWithResolvers<Uint8Array | undefined> | undefined {
    const waiting = this.#waiting
    if (waiting === undefined) return undefined
    this.#waiting = undefined
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#signal = undefined
    this.#timer.delete(this)
    return waiting
  }

  #pauseIfFull (): void {
    // A pause within `resume` would be half undone by the rest of it: the window would open under a paused stream.
    if (this.#paused || this.#resuming || this.#dropping || this.#queue.bytes <= this.#maxBufferBytes) return
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
