import type { Logger, MessageStream, StreamCloseEvent, StreamMuxer, StreamMuxerFactory, Stream as JsStream } from '@libp2p/interface'
import { type Clock, type MuxedConn, type MuxedStream, type PeerScope, ReservationPriority, type ResourceScopeSpan, type SecureConn } from '@weir/network'
import { AcceptQueue } from './accept-queue.ts'
import { BatchedConn } from './batched-conn.ts'
import { boundedClose } from './bounded-close.ts'
import { DeadlineTimer } from './deadline-timer.ts'
import { YAMUX_INITIAL_WINDOW_BYTES } from './defaults.ts'
import { connClosed } from './ended-error.ts'
import { AcceptQueueFullError } from './errors.ts'
import { goAwayError, GuardedConn } from './guarded-conn.ts'
import { JsMuxedStream, type StreamOwner } from './js-muxed-stream.ts'
import { toMessageStream } from './to-message-stream.ts'
import { WriteTurns } from './write-turns.ts'
import { YamuxFrameGuard } from './yamux-frame-guard.ts'

/** The only muxer whose frames the guard can read. */
const GUARDED_PROTOCOL = '/yamux/1.0.0'

export interface JsMuxedConnInit {
  readonly isServer: boolean
  readonly scope: PeerScope
  readonly log: Logger
  readonly clock: Clock
  readonly maxReadBufferBytes: number
  readonly maxWriteChunkBytes: number
  readonly closeTimeoutMs: number
  readonly streamCloseTimeoutMs: number
  readonly maxAcceptQueue: number
  readonly maxStreamWindowBytes: number
  readonly maxTrackedStreams: number
  readonly maxWaitingPings: number
  readonly maxWaitingFrames: number
}

/** A connection under a js-libp2p muxer. Made by `fromStreamMuxerFactory`. */
export class JsMuxedConn implements MuxedConn, StreamOwner {
  readonly clock: Clock
  readonly timer: DeadlineTimer
  readonly turns: WriteTurns
  readonly maxReadBufferBytes: number
  readonly maxWriteChunkBytes: number
  readonly closeTimeoutMs: number
  readonly streamCloseTimeoutMs: number

  readonly #log: Logger
  readonly #conn: SecureConn
  readonly #guard: YamuxFrameGuard | undefined
  readonly #messages: MessageStream
  readonly #muxer: StreamMuxer
  readonly #span: ResourceScopeSpan
  readonly #streams = new Map<JsMuxedStream, JsStream>()
  readonly #grownBytes = new Map<string, number>() // by the id of the stream; only of streams above
  readonly #accept: AcceptQueue<JsMuxedStream>
  /** What every stream reserves from its opening: its first window, and what its reader holds while the window is open again. */
  readonly #streamBytes: number
  readonly #mostHeldBytes: number
  #error: Error | undefined
  #closing: Promise<void> | undefined

  constructor (conn: SecureConn, factory: StreamMuxerFactory, init: JsMuxedConnInit) {
    this.clock = init.clock
    this.timer = new DeadlineTimer(init.clock)
    this.maxReadBufferBytes = init.maxReadBufferBytes
    this.maxWriteChunkBytes = init.maxWriteChunkBytes
    this.closeTimeoutMs = init.closeTimeoutMs
    this.streamCloseTimeoutMs = init.streamCloseTimeoutMs
    this.#log = init.log
    this.#streamBytes = YAMUX_INITIAL_WINDOW_BYTES + init.maxReadBufferBytes
    this.#mostHeldBytes = init.maxStreamWindowBytes + init.maxReadBufferBytes
    this.#accept = new AcceptQueue(init.maxAcceptQueue)
    if (factory.protocol === GUARDED_PROTOCOL) {
      this.#guard = new YamuxFrameGuard({ ...init, mayGrow: (streamId, bytes) => this.#mayGrow(String(streamId), bytes) })
      this.#conn = new GuardedConn(new BatchedConn(conn), this.#guard)
    } else {
      this.#conn = conn
    }
    this.#messages = toMessageStream(this.#conn, { direction: init.isServer ? 'inbound' : 'outbound', log: init.log })
    this.#messages.addEventListener('close', this.#onClose) // before the muxer's own, which ends the streams: they ask why
    this.#span = init.scope.beginSpan()
    try {
      this.#muxer = factory.createStreamMuxer(this.#messages)
    } catch (error) {
      this.#span.done()
      throw error
    }
    this.#muxer.addEventListener('stream', event => { this.#onStream(event.detail) })
    this.turns = new WriteTurns(this.#messages)
  }

  async openStream ({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<MuxedStream> {
    signal?.throwIfAborted()
    if (this.#error !== undefined) throw this.#error
    this.#span.reserveMemory(this.#streamBytes, ReservationPriority.always)
    let opened: JsStream
    try {
      opened = await this.#muxer.createStream(signal === undefined ? {} : { signal })
    } catch (error) {
      this.#span.releaseMemory(this.#streamBytes)
      throw this.#error ?? (this.#muxer.status === 'open' ? error : connClosed(error, true))
    }
    const stream = this.#adopt(opened)
    if (this.#error !== undefined) stream.abort(this.#error)
    if (signal?.aborted === true) stream.reset()
    signal?.throwIfAborted()
    if (this.#error !== undefined) throw this.#error
    return stream
  }

  acceptStream ({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<MuxedStream> {
    return this.#accept.take(signal)
  }

  close (): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  closeWithError (_errorCode: number): Promise<void> {
    return this.close()
  }

  abort (cause: Error): void {
    this.#end(connClosed(cause, false))
    this.#messages.abort(cause)
    this.#conn.abort(cause)
  }

  isClosed (): boolean {
    return this.#error !== undefined
  }

  // What the streams ask for.

  connError (): Error {
    if (this.#error !== undefined) return this.#error
    return this.#guard?.goAwayCode === undefined ? connClosed(undefined, true) : goAwayError(this.#guard.goAwayCode)
  }

  isEnding (): boolean {
    return this.#error !== undefined || this.#guard?.goAwayCode !== undefined
  }

  resetCode (stream: JsStream): number {
    return this.#guard?.resetCode(Number(stream.id)) ?? 0
  }

  ended (stream: JsMuxedStream): void {
    const js = this.#streams.get(stream)
    if (js === undefined) return
    this.#streams.delete(stream)
    this.#accept.remove(stream)
    this.#span.releaseMemory(this.#streamBytes + (this.#grownBytes.get(js.id) ?? 0))
    this.#grownBytes.delete(js.id)
  }

  async #close (): Promise<void> {
    this.#end(connClosed(undefined, false))
    for (const stream of [...this.#streams.keys()]) stream.endWithConn(this.connError())
    await boundedClose(this.clock, this.closeTimeoutMs, async signal => {
      await this.#muxer.close({ signal })
      await this.#messages.close({ signal })
      await this.#conn.close()
    }, cause => { this.abort(cause) })
  }

  // Listeners: what they throw would end the process, so none of them may.

  readonly #onClose = (event: StreamCloseEvent): void => {
    const code = this.#guard?.goAwayCode
    this.#end(code === undefined ? connClosed(event.error, event.error === undefined ? true : undefined) : goAwayError(code))
    this.#conn.close().catch((error: unknown) => { this.#log.error('closing the connection below failed - %e', error) })
    queueMicrotask(() => {
      for (const stream of [...this.#streams.keys()]) stream.connEnded(this.connError()) // the muxer has closed its own by now
    })
  }

  #onStream (js: JsStream): void {
    let reserved = false
    try {
      if (this.#error !== undefined) throw this.#error
      this.#span.reserveMemory(this.#streamBytes, ReservationPriority.always)
      reserved = true
      const stream = this.#adopt(js)
      if (!this.#accept.offer(stream)) stream.abort(new AcceptQueueFullError(this.#accept.limit))
    } catch (error) {
      this.#log('a stream of the remote is refused - %e', error)
      if (reserved) this.#span.releaseMemory(this.#streamBytes)
      js.abort(error as Error)
    }
  }

  #adopt (js: JsStream): JsMuxedStream {
    // The window bounds what a paused stream holds; js would reset it for holding what the remote was granted.
    if (this.#guard !== undefined) js.maxReadBufferLength = Math.max(js.maxReadBufferLength, this.#mostHeldBytes)
    const stream = new JsMuxedStream(js, this)
    this.#streams.set(stream, js)
    return stream
  }

  #mayGrow (id: string, bytes: number): boolean {
    if (this.#error !== undefined) return false
    try {
      this.#span.reserveMemory(bytes, ReservationPriority.low)
    } catch {
      return false // a small window is slow; that is all
    }
    this.#grownBytes.set(id, (this.#grownBytes.get(id) ?? 0) + bytes)
    return true
  }

  #end (error: Error): void {
    if (this.#error !== undefined) return
    this.#error = error
    for (const stream of this.#accept.end(error)) stream.abort(error)
    this.#span.done()
  }
}
