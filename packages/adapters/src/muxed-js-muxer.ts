import { type AbortOptions, type CreateStreamOptions, type EventHandler, type Logger, type MessageStreamDirection, MuxerClosedError, type Stream as JsStream, type StreamMuxer, type StreamMuxerEvents, type StreamMuxerStatus, TypedEventEmitter } from '@libp2p/interface'
import { ConnClosedError, type MuxedConn, type MuxedStream } from '@weir/network'
import { MuxedJsStream } from './muxed-js-stream.ts'

/** A `MuxedConn` as a js-libp2p muxer. Made by `toStreamMuxerFactory`. */
export class MuxedJsMuxer extends TypedEventEmitter<StreamMuxerEvents> implements StreamMuxer {
  readonly protocol: string
  streams: JsStream[] = []
  status: StreamMuxerStatus = 'open'

  readonly #conn: MuxedConn
  readonly #log: Logger
  #accepting = false
  #nextId = 0

  constructor (conn: MuxedConn, protocol: string, log: Logger) {
    super()
    this.#conn = conn
    this.protocol = protocol
    this.#log = log
  }

  // The signatures of the overloads are those of the class above.
  override addEventListener<K extends keyof StreamMuxerEvents>(type: K, listener: EventHandler<StreamMuxerEvents[K]> | null, options?: boolean | AddEventListenerOptions): void
  override addEventListener (type: string, listener: EventHandler<Event>, options?: boolean | AddEventListenerOptions): void
  override addEventListener (type: string, listener: EventHandler<Event> | null, options?: boolean | AddEventListenerOptions): void {
    super.addEventListener(type as 'stream', listener as EventHandler<Event>, options)
    if (type === 'stream') queueMicrotask(() => { void this.#acceptAll() })
  }

  async createStream ({ signal }: CreateStreamOptions = {}): Promise<JsStream> {
    if (this.status !== 'open') throw new MuxerClosedError()
    try {
      return this.#adopt(await this.#conn.openStream({ signal }), 'outbound')
    } catch (error) {
      if (ConnClosedError.is(error)) throw Object.assign(new MuxerClosedError(), { cause: error })
      throw error
    }
  }

  async close (options?: AbortOptions): Promise<void> {
    if (this.status !== 'open') return
    this.status = 'closing'
    await Promise.all(this.streams.map(stream => stream.close(options)))
    await this.#conn.close()
    this.status = 'closed'
  }

  abort (error: Error): void {
    if (this.status === 'closed') return
    this.status = 'closing'
    for (const stream of [...this.streams]) stream.abort(error)
    this.#conn.abort(error)
    this.status = 'closed'
  }

  /** Takes the remote's streams until the connection ends. Never rejects. */
  async #acceptAll (): Promise<void> {
    if (this.#accepting) return
    this.#accepting = true
    try {
      while (true) {
        const stream = await this.#conn.acceptStream()
        this.safeDispatchEvent('stream', { detail: this.#adopt(stream, 'inbound') })
      }
    } catch (error) {
      this.#log('no more streams are accepted - %e', error)
      if (this.status === 'open') this.status = 'closed'
    }
  }

  #adopt (stream: MuxedStream, direction: MessageStreamDirection): JsStream {
    // Without a protocol: js-libp2p takes one that is set here for negotiated.
    const js = new MuxedJsStream(stream, { id: `${direction}:${this.#nextId++}`, protocol: '', direction, log: this.#log })
    this.streams.push(js)
    js.addEventListener('close', () => {
      const at = this.streams.indexOf(js)
      if (at !== -1) this.streams.splice(at, 1)
    })
    return js
  }
}
