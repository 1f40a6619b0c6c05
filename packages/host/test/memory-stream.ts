import { addAbortListener } from 'node:events'
import {
  type Clock, type Conn, DeadlineExceededError, nullResourceManager, type ProtocolID, type ReadOptions, type Stats, type Stream, StreamReadClosedError,
  StreamReadPendingError, StreamResetError, type StreamScope, StreamWriteClosedError, systemClock, type Uint8ArrayList, type WriteOptions
} from '@weir/network'

/** What a stream was told, in order: `write 34`, `closeWrite`, `reset 0x1001`, ... */
export type StreamLog = string[]

/** One end of a pipe in memory, with the behaviour that `Stream` promises and a log of what it was told. */
export class MemoryStream implements Stream {
  static #count = 0
  readonly id: string = `memory-${++MemoryStream.#count}`
  readonly log: StreamLog = []
  readonly scope: StreamScope
  readonly conn: Conn
  protocol: ProtocolID | undefined
  other: MemoryStream | undefined
  ended = false
  readonly #clock: Clock
  readonly #chunks: Uint8Array[] = []
  #remoteEnded = false
  #readClosed = false
  #writeClosed = false
  #failure: Error | undefined
  #waiting: { resolve: () => void, reject: (error: Error) => void } | undefined
  #readTimer: Disposable | undefined
  #readExpired = false
  #readBytes = 0
  #writtenBytes = 0

  constructor (conn: Conn, clock: Clock = systemClock) {
    this.conn = conn
    this.#clock = clock
    this.scope = nullResourceManager.openStream(conn.remotePeer, 'outbound')
  }

  setProtocol (id: ProtocolID): void {
    this.protocol = id
    this.log.push(`setProtocol ${id}`)
  }

  stat (): Stats {
    return { direction: 'outbound', openedMs: 0, limited: false, readBytes: this.#readBytes, writtenBytes: this.#writtenBytes, extra: new Map() }
  }

  async read (options: ReadOptions = {}): Promise<Uint8Array | undefined> {
    if (this.#waiting !== undefined) throw new StreamReadPendingError()
    options.signal?.throwIfAborted()
    while (true) {
      if (this.#readClosed) throw new StreamReadClosedError()
      if (this.#failure !== undefined) throw this.#failure
      if (this.#readExpired) throw new DeadlineExceededError('read')
      const chunk = this.#chunks.shift()
      if (chunk !== undefined) {
        this.#readBytes += chunk.byteLength
        return chunk
      }
      if (this.#remoteEnded) return undefined
      await this.#wait(options.signal)
    }
  }

  async write (data: Uint8Array | Uint8ArrayList, options: WriteOptions = {}): Promise<void> {
    options.signal?.throwIfAborted()
    if (this.#failure !== undefined) throw this.#failure
    if (this.#writeClosed) throw new StreamWriteClosedError()
    this.log.push(`write ${data.byteLength}`)
    this.#writtenBytes += data.byteLength
    this.other?.deliver(Uint8Array.from(data.subarray()))
  }

  async closeWrite (): Promise<void> {
    if (this.#writeClosed || this.ended) return
    this.log.push('closeWrite')
    this.#writeClosed = true
    this.other?.deliver(undefined)
  }

  async closeRead (): Promise<void> {
    this.log.push('closeRead')
    this.#readClosed = true
    this.#wake()
  }

  async close (): Promise<void> {
    if (this.ended) return
    this.log.push('close')
    await this.closeWrite()
    this.#readClosed = true
    this.#end()
  }

  reset (): void {
    this.resetWithError(0)
  }

  resetWithError (errorCode: number): void {
    this.abort(new StreamResetError({ errorCode, remote: false }), errorCode)
  }

  abort (cause: Error, errorCode = 0): void {
    if (this.ended) return
    this.log.push(`reset 0x${errorCode.toString(16)}`)
    this.#failure = cause
    this.#end()
    this.other?.fail(new StreamResetError({ errorCode, remote: true }))
  }

  setDeadline (atMs?: number): void {
    this.setReadDeadline(atMs)
    this.setWriteDeadline(atMs)
  }

  setReadDeadline (atMs?: number): void {
    this.#readTimer?.[Symbol.dispose]()
    this.#readExpired = false
    this.#readTimer = atMs === undefined || this.ended ? undefined : this.#clock.setTimeout(() => {
      this.#readExpired = true
      this.#wake()
    }, atMs - this.#clock.monotonicMs())
  }

  setWriteDeadline (_atMs?: number): void {}

  async * [Symbol.asyncIterator] (): AsyncGenerator<Uint8Array> {
    for (let bytes = await this.read(); bytes !== undefined; bytes = await this.read()) yield bytes
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    await this.close()
  }

  /** From the other end: bytes, or the end. */
  deliver (bytes: Uint8Array | undefined): void {
    if (bytes === undefined) this.#remoteEnded = true
    else if (bytes.byteLength > 0) this.#chunks.push(bytes)
    this.#wake()
  }

  fail (error: Error): void {
    if (this.ended) return
    this.#failure = error
    this.#wake()
  }

  #end (): void {
    this.ended = true
    this.#readTimer?.[Symbol.dispose]()
    this.#wake()
  }

  #wake (): void {
    this.#waiting?.resolve()
  }

  async #wait (signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting = { resolve, reject }
    using _ = signal === undefined ? undefined : addAbortListener(signal, () => { reject(signal.reason) })
    try {
      await promise
    } finally {
      this.#waiting = undefined
    }
  }
}

/** Two ends of a pipe. */
export function streamPair (connA: Conn, connB: Conn = connA, clock?: Clock): [MemoryStream, MemoryStream] {
  const a = new MemoryStream(connA, clock)
  const b = new MemoryStream(connB, clock)
  a.other = b
  b.other = a
  return [a, b]
}
