import { type Conn, type MuxedStream, type ProtocolID, type ReadOptions, ResourceLimitExceededError, type Stats, type Stream, StreamErrorCode, type StreamManagementScope, StreamResetError, type StreamScope, type Uint8ArrayList, type WriteOptions } from '@weir/network'

/** What a stream tells its connection: bytes as they pass, and its end. */
export interface StreamOwner {
  readonly conn: Conn
  onRead (bytes: number): void
  onWritten (bytes: number): void
  /** The stream has left: its scope has ended. */
  onGone (stream: SwarmStream): void
}

export interface SwarmStreamInit {
  readonly id: string
  readonly direction: 'inbound' | 'outbound'
  readonly muxed: MuxedStream
  readonly scope: StreamManagementScope
  readonly owner: StreamOwner
  readonly openedMs: number
}

/**
 * A muxer's stream with its scope, which ends in the turn in which the stream was closed or reset here, or its connection
 * ended, and its handler has returned: a handler that hangs does not escape its limits, a remote that hangs holds none.
 */
export class SwarmStream implements Stream {
  readonly id: string
  protocol: ProtocolID | undefined
  readonly #init: SwarmStreamInit
  #readBytes = 0
  #writtenBytes = 0
  #ended = false
  #held = false
  #gone = false

  constructor (init: SwarmStreamInit) {
    this.id = init.id
    this.#init = init
  }

  get conn (): Conn {
    return this.#init.owner.conn
  }

  get scope (): StreamScope {
    return this.#init.scope
  }

  setProtocol (id: ProtocolID): void {
    this.#init.scope.setProtocol(id)
    this.protocol = id
  }

  stat (): Stats {
    const { direction, openedMs } = this.#init
    return { direction, openedMs, limited: this.conn.stat().limited, readBytes: this.#readBytes, writtenBytes: this.#writtenBytes, extra: new Map() }
  }

  async read (options?: ReadOptions): Promise<Uint8Array | undefined> {
    try {
      const bytes = await this.#init.muxed.read(options)
      if (bytes !== undefined) {
        this.#readBytes += bytes.byteLength
        this.#init.owner.onRead(bytes.byteLength)
      }
      return bytes
    } catch (error) {
      throw decoded(error)
    }
  }

  async write (data: Uint8Array | Uint8ArrayList, options?: WriteOptions): Promise<void> {
    try {
      await this.#init.muxed.write(data, options)
    } catch (error) {
      throw decoded(error)
    }
    this.#writtenBytes += data.byteLength
    this.#init.owner.onWritten(data.byteLength)
  }

  async * [Symbol.asyncIterator] (): AsyncGenerator<Uint8Array> {
    for (let bytes = await this.read(); bytes !== undefined; bytes = await this.read()) yield bytes
  }

  async closeWrite (): Promise<void> {
    await this.#init.muxed.closeWrite()
  }

  async closeRead (): Promise<void> {
    await this.#init.muxed.closeRead()
  }

  async close (): Promise<void> {
    const closing = this.#init.muxed.close()
    this.#end()
    await closing
  }

  reset (): void {
    this.#init.muxed.reset()
    this.#end()
  }

  resetWithError (errorCode: number): void {
    this.#init.muxed.resetWithError(errorCode)
    this.#end()
  }

  abort (cause: Error): void {
    this.#init.muxed.abort(cause)
    this.#end()
  }

  setDeadline (atMs?: number): void {
    this.#init.muxed.setDeadline(atMs)
  }

  setReadDeadline (atMs?: number): void {
    this.#init.muxed.setReadDeadline(atMs)
  }

  setWriteDeadline (atMs?: number): void {
    this.#init.muxed.setWriteDeadline(atMs)
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    const disposing = this.#init.muxed[Symbol.asyncDispose]()
    this.#end()
    await disposing
  }

  /** Keeps the scope until the result is called: while a handler runs. */
  hold (): () => void {
    this.#held = true
    return () => {
      this.#held = false
      this.#leave()
    }
  }

  #end (): void {
    this.#ended = true
    this.#leave()
  }

  #leave (): void {
    if (!this.#ended || this.#held || this.#gone) return
    this.#gone = true
    this.#init.scope.done()
    this.#init.owner.onGone(this)
  }
}

/** A remote that reset the stream for its limits is reported as what it is: a refusal. */
function decoded (error: unknown): unknown {
  if (StreamResetError.is(error) && error.remote && error.errorCode === StreamErrorCode.resourceLimitExceeded) {
    return new ResourceLimitExceededError({ where: 'remote', errorCode: error.errorCode }, { cause: error })
  }
  return error
}
