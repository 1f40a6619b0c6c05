import { RemoteNotReadingError, YamuxFlag, YamuxFrameType, YAMUX_HEADER_BYTES } from '@weir/adapters'
import { GRANTS_AT_ONCE, MAX_WAITING_RESETS, SHARED_FRAME_BYTES } from './defaults.ts'
import type { FrameSender } from './frame-sender.ts'
import type { YamuxStream } from './yamux-stream.ts'

export interface OutboundFramesInit {
  readonly sender: FrameSender
  readonly pingBacklog: number
  readonly maxMessageSizeBytes: number
  /** What a stream may be granted now. */
  readonly creditOf: (stream: YamuxStream) => number
  /** The remote makes us answer and does not read the answers. */
  readonly fail: (cause: Error) => void
}

/**
 * What waits to be sent, all of it bounded: a stream stands in each of the two sets once, window credit and flags are
 * numbers of the stream, and data is its writer's. Replies that the remote can cause at will have a number beyond which
 * a remote that does not read loses the connection.
 *
 * Frames without payload go first, 12 bytes each; then the streams with data in turn, a frame each.
 */
export class OutboundFrames {
  readonly #init: OutboundFramesInit
  readonly #sender: FrameSender
  readonly #due = new Set<YamuxStream>()
  readonly #ready = new Set<YamuxStream>()
  readonly #maxFrameBytes: number
  #pongs: number[] = []
  #resets: number[] = [] // stream and code in turn

  constructor (init: OutboundFramesInit) {
    this.#init = init
    this.#sender = init.sender
    this.#maxFrameBytes = init.maxMessageSizeBytes
  }

  /** The stream has flags, or the rest of its first window, to send with this turn. */
  due (stream: YamuxStream): void {
    this.#due.add(stream)
    this.#sender.schedule()
  }

  /** The stream has a grant to send. It waits for some of other streams: a write by itself costs both ends more than the grant is worth. */
  grantDue (stream: YamuxStream): void {
    this.#due.add(stream)
    if (this.#due.size < GRANTS_AT_ONCE) this.#sender.scheduleLater()
    else this.#sender.schedule()
  }

  /** The stream has data to send. */
  ready (stream: YamuxStream): void {
    this.#ready.add(stream)
    this.#sender.schedule()
  }

  forget (stream: YamuxStream): void {
    this.#due.delete(stream)
    this.#ready.delete(stream)
  }

  pong (id: number): void {
    if (this.#pongs.length >= this.#init.pingBacklog && !this.#relieve()) {
      this.#init.fail(new RemoteNotReadingError('pings', this.#init.pingBacklog))
      return
    }
    this.#pongs.push(id)
    this.#sender.schedule()
  }

  reset (streamId: number, errorCode: number): void {
    if (this.#resets.length >= 2 * MAX_WAITING_RESETS && !this.#relieve()) {
      this.#init.fail(new RemoteNotReadingError('frames', MAX_WAITING_RESETS))
      return
    }
    this.#resets.push(streamId, errorCode)
    this.#sender.schedule()
  }

  /** Sends what waits until the sender is full. @returns whether there is more */
  fill (): boolean {
    this.#sendReplies()
    this.#sendAllDue()
    for (const stream of this.#ready) {
      if (this.#sender.full) return true
      this.#ready.delete(stream)
      const maxBytes = Math.min(this.#maxFrameBytes, this.#ready.size === 0 ? this.#sender.maxFrameBytes : SHARED_FRAME_BYTES)
      stream.writer.sendFrame(maxBytes - YAMUX_HEADER_BYTES)
      if (stream.writer.ready) this.#ready.add(stream) // behind the others
    }
    this.#sendAllDue() // the ends of what was just sent
    return false
  }

  clear (): void {
    this.#due.clear()
    this.#ready.clear()
    this.#pongs = []
    this.#resets = []
  }

  #sendReplies (): void {
    for (const id of this.#pongs) this.#sender.control(YamuxFrameType.ping, YamuxFlag.ack, 0, id)
    this.#pongs.length = 0
    for (let i = 0; i < this.#resets.length; i += 2) this.#sender.control(YamuxFrameType.windowUpdate, YamuxFlag.rst, this.#resets[i] as number, this.#resets[i + 1] as number)
    this.#resets.length = 0
  }

  #sendAllDue (): void {
    for (const stream of this.#due) {
      this.#due.delete(stream)
      this.#sendDue(stream)
    }
  }

  #sendDue (stream: YamuxStream): void {
    const credit = this.#init.creditOf(stream)
    const flags = stream.takeFlags(credit > 0)
    if (flags === 0 && credit === 0) return
    this.#sender.control(YamuxFrameType.windowUpdate, flags, stream.id, credit)
    if ((flags & YamuxFlag.fin) !== 0) stream.onFinSent()
  }

  /** Sends the replies now, unless the layer below is full. */
  #relieve (): boolean {
    if (this.#sender.congested) return false
    this.#sendReplies()
    this.#sender.flush()
    return true
  }
}
