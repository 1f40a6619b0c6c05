import { AcceptQueue, boundedClose, connClosed, DeadlineTimer, goAwayError, YAMUX_INITIAL_WINDOW_BYTES, YamuxFlag, YamuxFrameError, YamuxFrameType } from '@weir/adapters'
import { type Clock, ConnClosedError, type MuxedConn, type PeerScope, type SecureConn, StreamErrorCode, type Uint8ArrayList } from '@weir/network'
import { AckBacklog } from './ack-backlog.ts'
import { ClosedStreams } from './closed-streams.ts'
import { GO_AWAY_WAIT_MS, UINT32_MAX, type YamuxDefaults } from './defaults.ts'
import { StreamsExhaustedError } from './errors.ts'
import { FrameReader } from './frame-reader.ts'
import { FrameSender } from './frame-sender.ts'
import { GoAwayCode } from './go-away-code.ts'
import { type FrameTarget, InboundFrames } from './inbound-frames.ts'
import { KeepAlive } from './keep-alive.ts'
import { OutboundFrames } from './outbound-frames.ts'
import { RoundTrip } from './round-trip.ts'
import { WindowMemory } from './window-memory.ts'
import { type StreamOwner, YamuxStream } from './yamux-stream.ts'

export interface YamuxConnInit extends YamuxDefaults {
  readonly isServer: boolean
  readonly scope: PeerScope
  readonly clock: Clock
  readonly enableKeepAlive: boolean
}

/** A connection with its streams. Made by `yamux`. */
export class YamuxConn implements MuxedConn, StreamOwner, FrameTarget {
  readonly clock: Clock
  readonly timer: DeadlineTimer
  readonly closeTimeoutMs: number
  readonly isServer: boolean
  readonly maxStreamWindowSizeBytes: number
  readonly streams: Map<number, YamuxStream> = new Map()
  readonly closed: ClosedStreams
  nextStreamId: number

  readonly #init: YamuxConnInit
  readonly #conn: SecureConn
  readonly #memory: WindowMemory
  readonly #accept: AcceptQueue<YamuxStream>
  readonly #backlog: AckBacklog
  readonly #reader: FrameReader
  readonly #sender: FrameSender
  readonly #frames: OutboundFrames
  readonly #roundTrip: RoundTrip
  readonly #keepAlive: KeepAlive | undefined
  #inboundStreams = 0
  #error: Error | undefined
  #deaf = false // nothing is read any more
  #closing: Promise<void> | undefined

  constructor (conn: SecureConn, init: YamuxConnInit) {
    this.#init = init
    this.#conn = conn
    this.clock = init.clock
    this.closeTimeoutMs = init.closeTimeoutMs
    this.isServer = init.isServer
    this.maxStreamWindowSizeBytes = init.maxStreamWindowSizeBytes
    this.nextStreamId = init.isServer ? 2 : 1
    this.#memory = new WindowMemory(init.scope)
    const fail = (cause: Error): void => { this.#fail(cause) }
    const timer = new DeadlineTimer(init.clock)
    this.timer = timer
    this.#sender = new FrameSender({ conn, timer, writeTimeoutMs: init.connectionWriteTimeoutMs, fill: () => this.#fill(), fail })
    this.#frames = new OutboundFrames({ sender: this.#sender, pingBacklog: init.pingBacklog, maxMessageSizeBytes: init.maxMessageSizeBytes, creditOf: stream => this.#creditOf(stream), fail })
    this.#accept = new AcceptQueue(init.acceptBacklog)
    this.#backlog = new AckBacklog(init.acceptBacklog)
    this.closed = new ClosedStreams(streamId => { this.#frames.reset(streamId, StreamErrorCode.noError) }, () => { this.#backlog.leave() })
    this.#reader = new FrameReader(new InboundFrames(this))
    this.#roundTrip = new RoundTrip(init.measureRttIntervalMs)
    if (init.enableKeepAlive) this.#keepAlive = new KeepAlive({ timer, intervalMs: init.keepAliveIntervalMs, timeoutMs: init.connectionWriteTimeoutMs, ping: () => { this.#ping() }, fail })
    void this.#readAll()
  }

  async openStream ({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<YamuxStream> {
    signal?.throwIfAborted()
    if (this.#error !== undefined) throw this.#error
    if (!this.#backlog.tryEnter()) await this.#backlog.enter(signal)
    try {
      signal?.throwIfAborted()
      if (this.#error !== undefined) throw this.#error
      if (this.nextStreamId >= UINT32_MAX) throw new StreamsExhaustedError()
      this.#memory.reserveFirst()
    } catch (error) {
      this.#backlog.leave()
      throw error
    }
    const id = this.nextStreamId
    this.nextStreamId += 2
    return this.#add(id, false)
  }

  async acceptStream ({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<YamuxStream> {
    const stream = await this.#accept.take(signal)
    stream.accept()
    return stream
  }

  close (): Promise<void> {
    return this.closeWithError(GoAwayCode.normal)
  }

  closeWithError (errorCode: number): Promise<void> {
    this.#closing ??= this.#close(errorCode)
    return this.#closing
  }

  abort (cause: Error): void {
    this.#deaf = true
    this.#end(connClosed(cause, false))
    this.#conn.abort(cause)
  }

  isClosed (): boolean {
    return this.#error !== undefined
  }

  // For the streams.

  get mayWriteNow (): boolean {
    if (this.#sender.full) this.#sender.flush()
    return !this.#sender.congested
  }

  sendData (flags: number, streamId: number, data: Uint8Array | Uint8ArrayList, from: number, to: number): void {
    this.#sender.data(flags, streamId, data, from, to)
  }

  onDue (stream: YamuxStream): void {
    if (this.#error === undefined) this.#frames.due(stream)
  }

  onReady (stream: YamuxStream): void {
    if (this.#error === undefined) this.#frames.ready(stream)
  }

  onReadingOver (stream: YamuxStream): void {
    if (this.#error === undefined) this.#memory.release(stream.reader.window.sizeBytes)
  }

  onReset (stream: YamuxStream, errorCode: number | undefined): void {
    if (this.#error !== undefined) return
    this.#remove(stream)
    if (stream.unacknowledged) this.#backlog.leave()
    if (errorCode !== undefined) this.#frames.reset(stream.id, errorCode)
  }

  onLeft (stream: YamuxStream, remoteEnded: boolean): void {
    if (this.#error !== undefined) return
    this.#remove(stream)
    if (!remoteEnded) this.closed.add(stream.id, stream.reader.window.leftBytes, stream.unacknowledged)
    else if (stream.unacknowledged) this.#backlog.leave()
  }

  // From the remote.

  onSyn (streamId: number): YamuxStream | undefined {
    if (!this.#hasRoom()) {
      this.#frames.reset(streamId, StreamErrorCode.resourceLimitExceeded) // this stream alone: the connection goes on
      return undefined
    }
    const stream = this.#add(streamId, true)
    this.#inboundStreams++
    this.#accept.offer(stream)
    return stream
  }

  onAck (stream: YamuxStream): void {
    if (!stream.unacknowledged) return
    stream.unacknowledged = false
    this.#backlog.leave()
  }

  onPing (id: number): void {
    this.#frames.pong(id)
  }

  onPong (id: number): void {
    this.#roundTrip.end(id, this.timer.nowMs())
  }

  onGoAway (errorCode: number): void {
    this.#endBelow(goAwayError(errorCode))
  }

  #hasRoom (): boolean {
    if (this.#inboundStreams >= this.#init.maxIncomingStreams || this.#accept.full) return false
    try {
      this.#memory.reserveFirst()
      return true
    } catch {
      return false
    }
  }

  #add (streamId: number, inbound: boolean): YamuxStream {
    const stream = new YamuxStream(streamId, inbound, this)
    this.streams.set(streamId, stream)
    const more = this.#init.initialStreamWindowSizeBytes - YAMUX_INITIAL_WINDOW_BYTES
    if (more > 0 && this.#memory.mayGrow(more)) {
      stream.reader.window.grow(more)
      this.#frames.due(stream)
    }
    return stream
  }

  #remove (stream: YamuxStream): void {
    this.streams.delete(stream.id)
    this.#frames.forget(stream)
    if (!stream.inbound) return
    this.#inboundStreams--
    this.#accept.remove(stream)
  }

  #creditOf ({ flagged, reader }: YamuxStream): number {
    if (reader.over || reader.finished || !reader.window.grantDue) return 0
    // The round trips of a stream begin when the remote knows of it.
    return reader.window.grant(this.timer.nowMs(), flagged ? 0 : this.#roundTrip.rttMs, this.maxStreamWindowSizeBytes, this.#memory.mayGrow)
  }

  #fill (): boolean {
    const more = this.#frames.fill()
    if (!this.#sender.empty && this.#roundTrip.isDue(this.timer.nowMs())) this.#ping()
    return more
  }

  #ping (): void {
    this.#sender.control(YamuxFrameType.ping, YamuxFlag.syn, 0, this.#roundTrip.begin(this.timer.nowMs()))
  }

  /** Reads until the connection below ends, also when nobody needs it any more: unread bytes could cost the remote our goodbye. */
  async #readAll (): Promise<void> {
    try {
      while (!this.#deaf) {
        const chunk = await this.#conn.read()
        if (chunk === undefined) break
        if (this.#error === undefined) this.#onChunk(chunk)
      }
      this.#endBelow(connClosed(undefined, true))
    } catch (cause) {
      this.#endBelow(connClosed(cause, undefined))
    }
  }

  #onChunk (chunk: Uint8Array | Uint8ArrayList): void {
    this.#keepAlive?.heard(this.timer.nowMs())
    try {
      this.#reader.feed(chunk)
    } catch (cause) {
      this.#fail(cause as Error)
    }
  }

  async #close (errorCode: number): Promise<void> {
    if (this.#error === undefined) {
      if (!this.#sender.congested) this.#fill()
      for (const stream of this.streams.values()) {
        const flags = stream.takeFarewell()
        if (flags !== 0) this.#sender.control(YamuxFrameType.windowUpdate, flags, stream.id, 0)
      }
      this.#sayGoodbye(errorCode)
      this.#end(new ConnClosedError({ errorCode, remote: false }))
    }
    await boundedClose(this.clock, this.closeTimeoutMs, () => this.#conn.close(), cause => { this.#conn.abort(cause) })
  }

  #sayGoodbye (errorCode: number): void {
    this.#sender.control(YamuxFrameType.goAway, 0, 0, errorCode)
    this.#sender.flush()
  }

  /** The connection cannot go on. A remote that broke the protocol is told so, if it takes it at once. */
  #fail (cause: Error): void {
    if (this.#error !== undefined) return
    const errorCode = YamuxFrameError.is(cause) ? GoAwayCode.protocolError : GoAwayCode.normal
    this.#deaf = true
    const polite = errorCode !== GoAwayCode.normal && !this.#sender.congested
    if (polite) this.#sayGoodbye(errorCode)
    this.#end(new ConnClosedError({ errorCode, remote: false, cause }))
    if (polite) void boundedClose(this.clock, GO_AWAY_WAIT_MS, () => this.#conn.close(), () => { this.#conn.abort(cause) })
    else this.#conn.abort(cause)
  }

  /** The remote has ended it, or the layer below has. */
  #endBelow (error: ConnClosedError): void {
    if (this.#error !== undefined) return
    this.#end(error)
    void boundedClose(this.clock, this.closeTimeoutMs, () => this.#conn.close(), cause => { this.#conn.abort(cause) })
  }

  #end (error: ConnClosedError): void {
    if (this.#error !== undefined) return
    this.#error = error
    this.#keepAlive?.end()
    this.#sender.end()
    this.#frames.clear()
    this.#backlog.end(error)
    this.#accept.end(error)
    for (const stream of this.streams.values()) stream.onConnEnded(error)
    this.streams.clear()
    this.#memory.end()
  }
}
