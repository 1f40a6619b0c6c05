import type { Stream as JsStream } from '@libp2p/interface'
import { DeadlineExceededError, StreamWriteClosedError, type Uint8ArrayList, type WriteOptions } from '@weir/network'
import type { Deadline, DeadlineTimer } from './deadline-timer.ts'
import type { WaitingWriter, WriteTurns } from './write-turns.ts'

/** One write that could not be done at once. */
interface Write {
  readonly data: Uint8Array | Uint8ArrayList
  readonly done: PromiseWithResolvers<void>
  readonly signal: AbortSignal | undefined
  readonly onAbort: () => void
  /** How many bytes the muxer has been given. */
  given: number
}

/**
 * The writing half of a js stream: gives the muxer a piece at a time, and the next only when it has taken the last one.
 * Writes are done in the order of their calls.
 */
export class StreamWriter implements Deadline, WaitingWriter {
  /** The write deadline, `Infinity` for none. */
  atMs: number = Infinity

  readonly #stream: JsStream
  readonly #timer: DeadlineTimer
  readonly #turns: WriteTurns
  readonly #maxChunkBytes: number
  readonly #breakStream: (cause: Error) => void
  #writes: Write[] = [] // the first one is being written
  #flushed: PromiseWithResolvers<void> | undefined
  #closed = false
  #error: Error | undefined

  /** @param breakStream - resets the stream: half a message has been sent and the rest never will be */
  constructor (stream: JsStream, timer: DeadlineTimer, turns: WriteTurns, maxChunkBytes: number, breakStream: (cause: Error) => void) {
    this.#stream = stream
    this.#timer = timer
    this.#turns = turns
    this.#maxChunkBytes = maxChunkBytes
    this.#breakStream = breakStream
  }

  /** Whether a write waits. */
  get waiting (): boolean {
    return this.#writes.length > 0
  }

  write (data: Uint8Array | Uint8ArrayList, { signal }: WriteOptions = {}): Promise<void> {
    if (this.#closed) return Promise.reject(new StreamWriteClosedError())
    if (this.#error !== undefined) return Promise.reject(this.#error)
    if (signal?.aborted === true) return Promise.reject(signal.reason)
    if (this.atMs !== Infinity && this.atMs <= this.#timer.nowMs()) return Promise.reject(new DeadlineExceededError('write'))
    if (data.byteLength === 0) return Promise.resolve()
    const given = this.#writes.length === 0 ? this.#give(data, 0) : 0
    // Giving can end the stream.
    if (this.#error !== undefined) return Promise.reject(this.#error)
    if (given === data.byteLength && this.#stream.writeBufferLength === 0) return Promise.resolve()
    const write: Write = { data, done: Promise.withResolvers(), signal, given, onAbort: () => { this.#giveUp(write, signal?.reason) } }
    signal?.addEventListener('abort', write.onAbort)
    this.#writes.push(write)
    if (this.#writes.length === 1) {
      this.#timer.add(this)
      this.#waitForRoom()
    }
    return write.done.promise
  }

  /** Takes no more writes. @returns resolves when those that were taken have been written, or have failed */
  close (): Promise<void> {
    this.#closed = true
    if (this.#writes.length === 0) return Promise.resolve()
    this.#flushed ??= Promise.withResolvers()
    return this.#flushed.promise
  }

  /** The stream has broken. */
  fail (error: Error): void {
    this.#error ??= error
    this.#turns.forget(this)
    this.#timer.delete(this)
    const writes = this.#writes
    this.#writes = []
    for (const write of writes) {
      write.signal?.removeEventListener('abort', write.onAbort)
      write.done.reject(error)
    }
    this.#flushed?.resolve()
  }

  /** The muxer has taken all it was given. */
  proceed (): void {
    while (this.#writes.length > 0) {
      const write = this.#writes[0] as Write
      if (this.#stream.writeBufferLength > 0) return
      if (write.given < write.data.byteLength) write.given = this.#give(write.data, write.given)
      if (this.#writes[0] !== write) return // giving ended the stream
      if (write.given < write.data.byteLength || this.#stream.writeBufferLength > 0) {
        this.#waitForRoom()
        return
      }
      this.#writes.shift()
      write.signal?.removeEventListener('abort', write.onAbort)
      write.done.resolve()
    }
    this.#timer.delete(this)
    this.#flushed?.resolve()
  }

  setDeadline (atMs: number): void {
    this.#timer.delete(this)
    this.atMs = atMs
    if (this.#writes.length === 0) return
    if (atMs <= this.#timer.nowMs()) this.expire()
    else this.#timer.add(this)
  }

  expire (): void {
    // The last ones first: they were given nothing yet, and only the first can break the stream.
    for (const write of [...this.#writes].reverse()) this.#giveUp(write, new DeadlineExceededError('write'))
  }

  /** Gives the muxer piece after piece, until it has enough. @returns how many bytes it has been given by now */
  #give (data: Uint8Array | Uint8ArrayList, given: number): number {
    try {
      while (given < data.byteLength && !this.#turns.congested && this.#stream.writeBufferLength === 0) {
        const end = Math.min(given + this.#maxChunkBytes, data.byteLength)
        this.#stream.send(given === 0 && end === data.byteLength ? data : data instanceof Uint8Array ? data.subarray(given, end) : data.sublist(given, end))
        given = end
      }
    } catch (cause) {
      this.#breakStream(cause instanceof Error ? cause : new Error('sending failed', { cause }))
    }
    return given
  }

  #waitForRoom (): void {
    // With bytes left in the stream itself it is the remote's window that lacks, and 'idle' calls `proceed`.
    if (this.#stream.writeBufferLength === 0) this.#turns.wait(this)
  }

  #giveUp (write: Write, reason: unknown): void {
    const at = this.#writes.indexOf(write)
    if (at === -1) return
    this.#writes.splice(at, 1)
    write.signal?.removeEventListener('abort', write.onAbort)
    write.done.reject(reason)
    if (write.given > 0) {
      this.#breakStream(reason instanceof Error ? reason : new Error('a write was given up', { cause: reason }))
    } else if (at === 0) {
      this.#turns.forget(this)
      if (this.#writes.length === 0) this.#timer.delete(this)
      this.proceed()
    }
  }
}
