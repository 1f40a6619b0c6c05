import type { Stream as JsStream } from '@libp2p/interface'
import { type Clock, type Conn, type MuxedStream, nullResourceManager, type ProtocolID, type ReadOptions, ScopeAttachedError, type Stats, type Stream, type StreamScope, type Uint8ArrayList, type WriteOptions } from '@weir/network'
import { fromStream } from './from-stream.ts'

/** A negotiated stream of a js-libp2p connection as a `Stream`. Made by `fromConnection`. */
export class ConnStream implements Stream {
  readonly id: string
  readonly protocol: ProtocolID
  readonly conn: Conn
  readonly scope: StreamScope

  readonly #js: JsStream
  readonly #stream: MuxedStream
  readonly #limited: boolean
  #readBytes = 0
  #writtenBytes = 0

  constructor (js: JsStream, { conn, limited, clock }: { conn: Conn, limited: boolean, clock: Clock }, onEnd: (stream: ConnStream) => void) {
    this.id = js.id
    this.protocol = js.protocol
    this.conn = conn
    this.#limited = limited
    this.#js = js
    this.#stream = fromStream(js, { clock })
    const scope = nullResourceManager.openStream(conn.remotePeer, js.direction)
    scope.setProtocol(js.protocol)
    this.scope = scope
    js.addEventListener('close', () => {
      scope.done()
      onEnd(this)
    })
  }

  async read (options?: ReadOptions): Promise<Uint8Array | undefined> {
    const chunk = await this.#stream.read(options)
    if (chunk !== undefined) this.#readBytes += chunk.byteLength
    return chunk
  }

  async write (data: Uint8Array | Uint8ArrayList, options?: WriteOptions): Promise<void> {
    await this.#stream.write(data, options)
    this.#writtenBytes += data.byteLength
  }

  /** @throws {ScopeAttachedError} always: js-libp2p has set it */
  setProtocol (_id: ProtocolID): void {
    throw new ScopeAttachedError({ kind: 'stream', id: 0 }, 'protocol')
  }

  stat (): Stats {
    const { direction, timeline } = this.#js
    return { direction, openedMs: timeline.open, limited: this.#limited, readBytes: this.#readBytes, writtenBytes: this.#writtenBytes, extra: new Map() }
  }

  closeWrite (): Promise<void> { return this.#stream.closeWrite() }
  closeRead (): Promise<void> { return this.#stream.closeRead() }
  close (): Promise<void> { return this.#stream.close() }
  reset (): void { this.#stream.reset() }
  resetWithError (errorCode: number): void { this.#stream.resetWithError(errorCode) }
  abort (cause: Error): void { this.#stream.abort(cause) }
  setDeadline (atMs?: number): void { this.#stream.setDeadline(atMs) }
  setReadDeadline (atMs?: number): void { this.#stream.setReadDeadline(atMs) }
  setWriteDeadline (atMs?: number): void { this.#stream.setWriteDeadline(atMs) }
  [Symbol.asyncIterator] (): AsyncIterator<Uint8Array> { return this.#stream[Symbol.asyncIterator]() }
  async [Symbol.asyncDispose] (): Promise<void> { await this.#stream[Symbol.asyncDispose]() }
}
