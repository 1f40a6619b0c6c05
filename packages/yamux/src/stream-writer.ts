import { type Deadline, type DeadlineTimer, YAMUX_INITIAL_WINDOW_BYTES } from '@weir/adapters'
import { DeadlineExceededError, StreamWriteClosedError, type Uint8ArrayList } from '@weir/network'
import { MAX_COPIED_BYTES } from './frame-sender.ts'

/** What a writer tells its stream, and asks of it. */
export interface WriterOwner {
  readonly timer: DeadlineTimer
  /** Whether a frame would leave now, before others that wait. */
  readonly mayWriteNow: boolean
  /** Sends a part of `data` in a frame. */
  sendData (data: Uint8Array | Uint8ArrayList, from: number, to: number): void
  /** There is something that `sendFrame` could send. */
  onReady (): void
  /** It was closed, and all that it took has been sent. Called once. */
  onFlushed (): void
  /** Half a message was sent, and the rest never will be. */
  onBroken (cause: Error): void
}

/** One write that could not be done at once. */
interface Write {
  readonly data: Uint8Array | Uint8ArrayList
  readonly done: PromiseWithResolvers<void>
  readonly signal: AbortSignal | undefined
  readonly onAbort: (() => void) | undefined
  sentBytes: number
}

const DONE: Promise<void> = Promise.resolve()

/**
 * The writing half of a stream: what the remote may still be sent, and the writes that wait for that, in the order of their
 * calls.
 */
export class StreamWriter implements Deadline {
  /** The write deadline, `Infinity` for none. */
  atMs: number = Infinity
  /** What the remote takes. */
  windowBytes: number = YAMUX_INITIAL_WINDOW_BYTES

  readonly #owner: WriterOwner
  #writes: Write[] | undefined // the first one is being sent; never empty
  #flushed: PromiseWithResolvers<void> | undefined
  #closed = false
  #error: Error | undefined

  constructor (owner: WriterOwner) {
    this.#owner = owner
  }

  /** Whether a write waits. */
  get waiting (): boolean {
    return this.#writes !== undefined
  }

  /** Whether `sendFrame` could send something. */
  get ready (): boolean {
    return this.#writes !== undefined && this.windowBytes > 0
  }

  write (data: Uint8Array | Uint8ArrayList, signal: AbortSignal | undefined): Promise<void> {
    if (this.#closed) return Promise.reject(new StreamWriteClosedError())
    if (this.#error !== undefined) return Promise.reject(this.#error)
    if (signal?.aborted === true) return Promise.reject(signal.reason)
    if (this.atMs !== Infinity && this.atMs <= this.#owner.timer.nowMs()) return Promise.reject(new DeadlineExceededError('write'))
    const bytes = data.byteLength
    if (bytes === 0) return DONE
    if (bytes <= MAX_COPIED_BYTES && bytes <= this.windowBytes && this.#writes === undefined && this.#owner.mayWriteNow) {
      this.windowBytes -= bytes
      this.#owner.sendData(data, 0, bytes)
      return DONE
    }
    return this.#wait(data, signal)
  }

  /** Sends one frame of what waits, of so many bytes at most. Does nothing when nothing waits. */
  sendFrame (maxBytes: number): void {
    const write = this.#writes?.[0]
    if (write === undefined) return
    const from = write.sentBytes
    const to = Math.min(write.data.byteLength, from + Math.min(maxBytes, this.windowBytes))
    this.windowBytes -= to - from
    write.sentBytes = to
    this.#owner.sendData(write.data, from, to)
    if (to === write.data.byteLength) this.#take(write).done.resolve()
    // A small rest goes along: by itself it would cost a write, and its writer waits for it.
    else if (write.data.byteLength - to <= MAX_COPIED_BYTES && this.windowBytes > 0) this.sendFrame(maxBytes)
  }

  /** The remote takes more. */
  grant (bytes: number): void {
    this.windowBytes += bytes
    if (this.#writes !== undefined) this.#owner.onReady()
  }

  /** Takes no more writes. @returns when those that were taken have been sent, or have failed */
  close (): Promise<void> {
    if (this.#closed || this.#error !== undefined) {
      this.#closed = true
      return this.#flushed?.promise ?? DONE
    }
    this.#closed = true
    if (this.#writes === undefined) {
      this.#owner.onFlushed()
      return DONE
    }
    this.#flushed = Promise.withResolvers()
    return this.#flushed.promise
  }

  /** The stream has broken. */
  fail (error: Error): void {
    this.#error ??= error
    while (this.#writes !== undefined) this.#take(this.#writes[0] as Write).done.reject(error)
  }

  setDeadline (atMs: number): void {
    this.#owner.timer.delete(this)
    this.atMs = atMs
    if (this.#writes === undefined) return
    if (atMs <= this.#owner.timer.nowMs()) this.expire()
    else this.#owner.timer.add(this)
  }

  expire (): void {
    // The last ones first: nothing of them was sent yet, and only the first can break the stream.
    for (const write of this.#writes?.toReversed() ?? []) this.#giveUp(write, new DeadlineExceededError('write'))
  }

  #wait (data: Uint8Array | Uint8ArrayList, signal: AbortSignal | undefined): Promise<void> {
    const onAbort = signal === undefined ? undefined : () => { this.#giveUp(write, signal.reason) }
    const write: Write = { data, done: Promise.withResolvers(), signal, onAbort, sentBytes: 0 }
    if (onAbort !== undefined) signal?.addEventListener('abort', onAbort)
    if (this.#writes === undefined) {
      this.#writes = [write]
      this.#owner.timer.add(this)
    } else {
      this.#writes.push(write)
    }
    if (this.windowBytes > 0) this.#owner.onReady()
    return write.done.promise
  }

  /** Takes a write out, whose promise is the caller's to settle. */
  #take (write: Write): Write {
    if (write.onAbort !== undefined) write.signal?.removeEventListener('abort', write.onAbort)
    const writes = this.#writes ?? []
    const at = writes.indexOf(write)
    if (at !== -1) writes.splice(at, 1)
    if (writes.length === 0) {
      this.#writes = undefined
      if (this.atMs !== Infinity) this.#owner.timer.delete(this)
      if (this.#flushed !== undefined) {
        this.#flushed.resolve()
        if (this.#error === undefined) this.#owner.onFlushed()
      }
    }
    return write
  }

  #giveUp (write: Write, reason: unknown): void {
    if (this.#writes?.includes(write) !== true) return
    this.#take(write).done.reject(reason)
    if (write.sentBytes > 0) this.#owner.onBroken(reason instanceof Error ? reason : new Error('a write was given up', { cause: reason }))
  }
}
