import { boundedClose, connClosed, DeadlineTimer, goAwayError, YamuxFlag, YamuxFrameError, YamuxFrameType } from '@weir/adapters'
import { type Clock, ConnClosedError, type MuxedConn, type MuxedStream, type PeerScope, type SecureConn, type Uint8ArrayList } from '@weir/network'
import { GO_AWAY_WAIT_MS, type YamuxDefaults } from './defaults.ts'
import { FrameReader } from './frame-reader.ts'
import { FrameSender } from './frame-sender.ts'
import { GoAwayCode } from './go-away-code.ts'
import { type FrameTarget, InboundFrames } from './inbound-frames.ts'
import { KeepAlive } from './keep-alive.ts'
import { OutboundFrames } from './outbound-frames.ts'
import { RoundTrip } from './round-trip.ts'
import { StreamTable } from './stream-table.ts'
import { WriteTurn } from './write-turn.ts'
import type { YamuxStream } from './yamux-stream.ts'

export interface YamuxConnInit extends YamuxDefaults {
  readonly isServer: boolean
  readonly scope: PeerScope
  readonly clock: Clock
  readonly enableKeepAlive: boolean
}

/** A connection with its streams: reads it, answers pings, and ends it. Made by `yamux`. */
export class YamuxConn implements MuxedConn, FrameTarget {
  readonly #init: YamuxConnInit
  readonly #conn: SecureConn
  readonly #timer: DeadlineTimer
  readonly #streams: StreamTable
  readonly #reader: FrameReader
  readonly #sender: FrameSender
  readonly #frames: OutboundFrames
  readonly #roundTrip: RoundTrip
  readonly #keepAlive: KeepAlive | undefined
  #error: Error | undefined
  #deaf = false // nothing is read any more
  #closing: Promise<void> | undefined

  constructor (conn: SecureConn, init: YamuxConnInit) {
    const fail = (cause: Error): void => { this.#fail(cause) }
    const timer = new DeadlineTimer(init.clock)
    const writeTurn = new WriteTurn({ mayGrow: bytes => this.#streams.memory.mayGrow(bytes), release: bytes => { this.#streams.memory.release(bytes) } })
    const sender = new FrameSender({ conn, timer, writeTimeoutMs: init.connectionWriteTimeoutMs, writeTurn, fill: () => this.#fill(), fail })
    const frames = new OutboundFrames({ sender, pingBacklog: init.pingBacklog, maxMessageSizeBytes: init.maxMessageSizeBytes, creditOf: stream => this.#creditOf(stream), fail })
    this.#init = init
    this.#conn = conn
    this.#timer = timer
    this.#sender = sender
    this.#frames = frames
    this.#streams = new StreamTable({ ...init, timer, sender, frames })
    this.#reader = new FrameReader(new InboundFrames(this, this.#streams, init))
    this.#roundTrip = new RoundTrip(init.measureRttIntervalMs)
    if (init.enableKeepAlive) this.#keepAlive = new KeepAlive({ timer, intervalMs: init.keepAliveIntervalMs, timeoutMs: init.connectionWriteTimeoutMs, ping: () => { this.#ping() }, fail })
    void this.#readAll()
  }

  openStream (options: { readonly signal?: AbortSignal | undefined } = {}): Promise<MuxedStream> {
    return this.#streams.open(options.signal)
  }

  acceptStream (options: { readonly signal?: AbortSignal | undefined } = {}): Promise<MuxedStream> {
    return this.#streams.accept(options.signal)
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

  // From the remote.

  onPing (id: number): void {
    this.#frames.pong(id)
  }

  onPong (id: number): void {
    this.#roundTrip.end(id, this.#timer.nowMs())
  }

  onGoAway (errorCode: number): void {
    this.#endBelow(goAwayError(errorCode))
  }

  #creditOf ({ flagged, reader }: YamuxStream): number {
    if (reader.over || reader.finished || !reader.window.grantDue) return 0
    // The round trips of a stream begin when the remote knows of it.
    return reader.window.grant(this.#timer.nowMs(), flagged ? 0 : this.#roundTrip.rttMs, this.#init.maxStreamWindowSizeBytes, this.#streams.memory.mayGrow)
  }

  #fill (): boolean {
    const more = this.#frames.fill()
    if (!this.#sender.empty && this.#roundTrip.isDue(this.#timer.nowMs())) this.#ping()
    return more
  }

  #ping (): void {
    this.#sender.control(YamuxFrameType.ping, YamuxFlag.syn, 0, this.#roundTrip.begin(this.#timer.nowMs()))
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
    this.#keepAlive?.heard(this.#timer.nowMs())
    try {
      this.#reader.feed(chunk)
    } catch (cause) {
      this.#fail(cause as Error)
    }
  }

  async #close (errorCode: number): Promise<void> {
    if (this.#error === undefined) {
      if (!this.#sender.congested) this.#fill()
      for (const stream of this.#streams.all()) {
        const flags = stream.takeFarewell()
        // A goodbye with a code breaks the streams by itself, and whoever uses one sees that code, which a reset would hide.
        if (errorCode !== GoAwayCode.normal && (flags & YamuxFlag.rst) !== 0) continue
        if (flags !== 0) this.#sender.control(YamuxFrameType.windowUpdate, flags, stream.id, 0)
      }
      this.#sayGoodbye(errorCode)
      this.#end(new ConnClosedError({ errorCode, remote: false }))
    }
    await boundedClose(this.#init.clock, this.#init.closeTimeoutMs, () => this.#conn.close(), cause => { this.#conn.abort(cause) })
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
    if (polite) void boundedClose(this.#init.clock, GO_AWAY_WAIT_MS, () => this.#conn.close(), () => { this.#conn.abort(cause) })
    else this.#conn.abort(cause)
  }

  /** The remote has ended it, or the layer below has. */
  #endBelow (error: ConnClosedError): void {
    if (this.#error !== undefined) return
    this.#end(error)
    void boundedClose(this.#init.clock, this.#init.closeTimeoutMs, () => this.#conn.close(), cause => { this.#conn.abort(cause) })
  }

  #end (error: ConnClosedError): void {
    if (this.#error !== undefined) return
    this.#error = error
    this.#keepAlive?.end()
    this.#sender.end()
    this.#frames.clear()
    this.#streams.end(error)
  }
}
