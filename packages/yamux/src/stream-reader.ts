import type { Deadline, DeadlineTimer } from '@weir/adapters'
import { DeadlineExceededError, StreamReadClosedError, StreamReadPendingError } from '@weir/network'
import { ReceiveBuffer } from './receive-buffer.ts'
import { ReceiveWindow } from './receive-window.ts'

/** What a reader tells its stream. */
export interface ReaderOwner {
  readonly timer: DeadlineTimer
  /** A grant of window is due. */
  onGrantDue (): void
  /** Nothing is held any more, and nothing more will be: the window's memory is free. Called once. */
  onReadingOver (): void
}

/** The reading half of a stream: its window, what arrived and was not read yet, and the one read that waits. */
export class StreamReader implements Deadline {
  /** The read deadline, `Infinity` for none. */
  atMs: number = Infinity
  readonly window: ReceiveWindow

  readonly #owner: ReaderOwner
  readonly #buffer = new ReceiveBuffer()
  #waiting: PromiseWithResolvers<Uint8Array | undefined> | undefined
  #signal: AbortSignal | undefined
  #closed = false
  #finished = false
  #error: Error | undefined
  #over = false
  #settling = false

  constructor (owner: ReaderOwner) {
    this.#owner = owner
    this.window = new ReceiveWindow(owner.timer.nowMs())
  }

  /** Whether nothing is held any more, and nothing more will be. */
  get over (): boolean {
    return this.#over
  }

  /** Whether the remote has sent its end. */
  get finished (): boolean {
    return this.#finished
  }

  /** Whether nobody reads any more. */
  get closed (): boolean {
    return this.#closed
  }

  read (signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
    if (this.#waiting !== undefined) return Promise.reject(new StreamReadPendingError())
    if (this.#closed) return Promise.reject(new StreamReadClosedError())
    if (signal?.aborted === true) return Promise.reject(signal.reason)
    if (this.atMs !== Infinity && this.atMs <= this.#owner.timer.nowMs()) return Promise.reject(new DeadlineExceededError('read'))
    const chunk = this.#buffer.shift()
    if (chunk !== undefined) {
      this.#settleSoon()
      this.#onRead(chunk.byteLength)
      return Promise.resolve(chunk)
    }
    if (this.#error !== undefined) return Promise.reject(this.#error)
    if (this.#finished) return Promise.resolve(undefined)
    this.#waiting = Promise.withResolvers()
    if (signal !== undefined) {
      this.#signal = signal
      signal.addEventListener('abort', this.#onAbort)
    }
    this.#owner.timer.add(this)
    return this.#waiting.promise
  }

  /** Bytes of the remote, of a frame that was taken from the window. */
  push (bytes: Uint8Array): void {
    if (this.#over) return
    if (this.#waiting === undefined) {
      this.#buffer.push(bytes)
      this.#settleSoon()
      return
    }
    this.#stopWaiting()?.resolve(bytes)
    this.#onRead(bytes.byteLength)
  }

  /** The remote has sent its end. What is there stays readable. */
  finish (): void {
    this.#finished = true
    this.#stopWaiting()?.resolve(undefined)
    if (this.#buffer.empty) this.#end()
  }

  /** The stream has broken. @param discard - whether what is there is worthless now */
  fail (error: Error, discard: boolean): void {
    this.#error ??= error
    this.#stopWaiting()?.reject(error)
    if (discard) this.#buffer.clear()
    if (this.#buffer.empty) this.#end()
  }

  /** Nobody reads any more: what comes is dropped, and nothing more is granted. */
  close (): void {
    if (this.#closed) return
    this.#closed = true
    this.#stopWaiting()?.reject(new StreamReadClosedError())
    this.#buffer.clear()
    this.#end()
  }

  setDeadline (atMs: number): void {
    this.#owner.timer.delete(this)
    this.atMs = atMs
    if (this.#waiting === undefined) return
    if (atMs <= this.#owner.timer.nowMs()) this.expire()
    else this.#owner.timer.add(this)
  }

  expire (): void {
    this.#stopWaiting()?.reject(new DeadlineExceededError('read'))
  }

  readonly #onAbort = (): void => {
    const reason: unknown = this.#signal?.reason
    this.#stopWaiting()?.reject(reason)
  }

  /** Whoever reads at once has what came as it lies; what is still there after that is settled. */
  #settleSoon (): void {
    if (this.#settling || !this.#buffer.unsettled) return
    this.#settling = true
    process.nextTick(StreamReader.#settle, this) // which comes once all promises of this turn have run
  }

  static #settle (this: void, reader: StreamReader): void {
    reader.#settling = false
    reader.#buffer.settle()
  }

  #onRead (bytes: number): void {
    if (this.#finished || this.#error !== undefined) {
      if (this.#buffer.empty) this.#end()
    } else if (this.window.read(bytes)) {
      this.#owner.onGrantDue()
    }
  }

  #stopWaiting (): PromiseWithResolvers<Uint8Array | undefined> | undefined {
    const waiting = this.#waiting
    if (waiting === undefined) return undefined
    this.#waiting = undefined
    if (this.#signal !== undefined) {
      this.#signal.removeEventListener('abort', this.#onAbort)
      this.#signal = undefined
    }
    if (this.atMs !== Infinity) this.#owner.timer.delete(this)
    return waiting
  }

  #end (): void {
    if (this.#over) return
    this.#over = true
    this.#owner.onReadingOver()
  }
}
