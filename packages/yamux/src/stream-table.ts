import { AcceptQueue, type DeadlineTimer, YAMUX_INITIAL_WINDOW_BYTES } from '@weir/adapters'
import { type Clock, type PeerScope, StreamErrorCode, type Uint8ArrayList } from '@weir/network'
import { AckBacklog } from './ack-backlog.ts'
import { ClosedStreams } from './closed-streams.ts'
import { UINT32_MAX, type YamuxDefaults } from './defaults.ts'
import { StreamsExhaustedError } from './errors.ts'
import type { FrameSender } from './frame-sender.ts'
import type { OutboundFrames } from './outbound-frames.ts'
import { WindowMemory } from './window-memory.ts'
import { type StreamOwner, YamuxStream } from './yamux-stream.ts'

type Limits = Pick<YamuxDefaults, 'acceptBacklog' | 'maxIncomingStreams' | 'initialStreamWindowSizeBytes' | 'closeTimeoutMs'>

export interface StreamTableInit extends Limits {
  readonly isServer: boolean
  readonly scope: PeerScope
  readonly clock: Clock
  readonly timer: DeadlineTimer
  readonly sender: FrameSender
  readonly frames: OutboundFrames
}

/**
 * The streams of a connection by their numbers, with the memory of their windows: who opens one, who waits for one, and
 * when one leaves. It knows nothing of how the connection ends.
 */
export class StreamTable implements StreamOwner {
  readonly clock: Clock
  readonly timer: DeadlineTimer
  readonly closeTimeoutMs: number
  readonly memory: WindowMemory
  readonly closed: ClosedStreams
  readonly #init: StreamTableInit
  readonly #streams = new Map<number, YamuxStream>()
  readonly #accept: AcceptQueue<YamuxStream>
  readonly #backlog: AckBacklog
  #nextId: number
  #inbound = 0
  #error: Error | undefined

  constructor (init: StreamTableInit) {
    this.#init = init
    this.clock = init.clock
    this.timer = init.timer
    this.closeTimeoutMs = init.closeTimeoutMs
    this.memory = new WindowMemory(init.scope)
    this.#nextId = init.isServer ? 2 : 1
    this.#accept = new AcceptQueue(init.acceptBacklog)
    this.#backlog = new AckBacklog(init.acceptBacklog)
    this.closed = new ClosedStreams(id => { init.frames.reset(id, StreamErrorCode.noError) }, () => { this.#backlog.leave() })
  }

  get (id: number): YamuxStream | undefined {
    return this.#streams.get(id)
  }

  all (): Iterable<YamuxStream> {
    return this.#streams.values()
  }

  /** Whether a stream of that number, one of ours, was ever opened. */
  wasOpened (id: number): boolean {
    return id < this.#nextId
  }

  /** Opens a stream, as soon as the remote has acknowledged enough of the others. */
  async open (signal: AbortSignal | undefined): Promise<YamuxStream> {
    signal?.throwIfAborted()
    if (this.#error !== undefined) throw this.#error
    if (!this.#backlog.tryEnter()) await this.#backlog.enter(signal)
    try {
      signal?.throwIfAborted()
      if (this.#error !== undefined) throw this.#error
      if (this.#nextId >= UINT32_MAX) throw new StreamsExhaustedError()
      this.memory.reserveFirst()
    } catch (error) {
      this.#backlog.leave()
      throw error
    }
    const id = this.#nextId
    this.#nextId += 2
    return this.#add(id, false)
  }

  /** The next stream that the remote opened. */
  async accept (signal: AbortSignal | undefined): Promise<YamuxStream> {
    const stream = await this.#accept.take(signal)
    stream.accept()
    return stream
  }

  /** The remote opens a stream, whose number is free. @returns `undefined` when it is refused: it alone is reset, and the connection goes on */
  onSyn (id: number): YamuxStream | undefined {
    if (!this.#hasRoom()) {
      this.#init.frames.reset(id, StreamErrorCode.resourceLimitExceeded)
      return undefined
    }
    const stream = this.#add(id, true)
    this.#inbound++
    this.#accept.offer(stream)
    return stream
  }

  onAck (stream: YamuxStream): void {
    if (!stream.unacknowledged) return
    stream.unacknowledged = false
    this.#backlog.leave()
  }

  /** The connection has ended: all streams do, and so do those who wait for one. Gives back all memory. */
  end (error: Error): void {
    this.#error = error
    this.#backlog.end(error)
    this.#accept.end(error)
    for (const stream of this.#streams.values()) stream.onConnEnded(error)
    this.#streams.clear()
    this.memory.end()
  }

  // For the streams.

  isClosed (): boolean {
    return this.#error !== undefined
  }

  get mayWriteNow (): boolean {
    const { sender } = this.#init
    if (sender.full) sender.flush()
    return !sender.congested
  }

  sendData (flags: number, id: number, data: Uint8Array | Uint8ArrayList, from: number, to: number): void {
    this.#init.sender.data(flags, id, data, from, to)
  }

  onDue (stream: YamuxStream): void {
    this.#init.frames.due(stream)
  }

  onGrantDue (stream: YamuxStream): void {
    this.#init.frames.grantDue(stream)
  }

  onReady (stream: YamuxStream): void {
    this.#init.frames.ready(stream)
  }

  onReadingOver (stream: YamuxStream): void {
    if (this.#error === undefined) this.memory.release(stream.reader.window.sizeBytes)
  }

  onReset (stream: YamuxStream, errorCode: number | undefined): void {
    this.#remove(stream)
    if (stream.unacknowledged) this.#backlog.leave()
    if (errorCode !== undefined) this.#init.frames.reset(stream.id, errorCode)
  }

  onLeft (stream: YamuxStream, remoteEnded: boolean): void {
    this.#remove(stream)
    if (!remoteEnded) this.closed.add(stream.id, stream.reader.window.leftBytes, stream.unacknowledged)
    else if (stream.unacknowledged) this.#backlog.leave()
  }

  #hasRoom (): boolean {
    if (this.#inbound >= this.#init.maxIncomingStreams || this.#accept.full) return false
    try {
      this.memory.reserveFirst()
      return true
    } catch {
      return false
    }
  }

  #add (id: number, inbound: boolean): YamuxStream {
    const stream = new YamuxStream(id, inbound, this)
    this.#streams.set(id, stream)
    const more = this.#init.initialStreamWindowSizeBytes - YAMUX_INITIAL_WINDOW_BYTES
    if (more > 0 && this.memory.mayGrow(more)) {
      stream.reader.window.grow(more)
      this.#init.frames.due(stream)
    }
    return stream
  }

  #remove (stream: YamuxStream): void {
    this.#streams.delete(stream.id)
    this.#init.frames.forget(stream)
    if (!stream.inbound) return
    this.#inbound--
    this.#accept.remove(stream)
  }
}
