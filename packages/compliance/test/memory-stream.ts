import {
  type Clock, type Conn, DeadlineExceededError, type Direction, type ReadOptions, type Stats, type Stream, type StreamManagementScope, StreamReadClosedError,
  StreamReadPendingError, StreamResetError, StreamWriteClosedError, type Uint8ArrayList, type WriteOptions
} from '@weir/network'
import type { NetworkMutant } from './network-mutant.ts'

const WINDOW_BYTES = 64 << 10

export interface MemoryStreamInit {
  readonly id: string
  readonly conn: Conn
  readonly direction: Direction
  readonly scope: StreamManagementScope
  readonly clock: Clock
  readonly broken: ReadonlySet<NetworkMutant>
  onBytes (read: number, written: number): void
  onGone (stream: MemoryStream): void
}

/** One end of a stream whose two ends are in one process. */
export class MemoryStream implements Stream {
  readonly id: string
  readonly conn: Conn
  readonly scope: StreamManagementScope
  protocol: string | undefined
  readonly #init: MemoryStreamInit
  readonly #inbox: Uint8Array[] = []
  #inboxBytes = 0
  #other: MemoryStream | undefined
  #over: Error | undefined
  #readClosed = false
  #writeClosed = false
  #gone = false
  #reading = false
  #endsRead = 0
  #readDeadline: number | undefined
  #writeDeadline: number | undefined
  #changed = Promise.withResolvers<void>()
  readonly #bytes = { readBytes: 0, writtenBytes: 0 }

  constructor (init: MemoryStreamInit) {
    this.#init = init
    this.id = init.id
    this.conn = init.conn
    this.scope = init.scope
  }

  static join (a: MemoryStream, b: MemoryStream): void {
    a.#other = b
    b.#other = a
  }

  get hasEnded (): boolean {
    return this.#writeClosed
  }

  setProtocol (id: string): void {
    this.scope.setProtocol(id)
    this.protocol = id
  }

  stat (): Stats {
    return { direction: this.#init.direction, openedMs: 0, limited: false, ...this.#bytes, extra: new Map() }
  }

  async read ({ signal }: ReadOptions = {}): Promise<Uint8Array | undefined> {
    const is = (mutant: NetworkMutant): boolean => this.#init.broken.has(mutant)
    if (this.#reading) {
      if (is('two readers')) return undefined
      throw new StreamReadPendingError()
    }
    this.#reading = true
    try {
      for (;;) {
        if (signal?.aborted === true) {
          if (is('an aborted read loses bytes')) this.#inbox.length = 0
          throw is('an abort of its own') ? new Error('aborted') : signal.reason
        }
        if (this.#over !== undefined) throw this.#over
        if (this.#readClosed) {
          if (is('closeRead is the end')) return undefined
          throw new StreamReadClosedError()
        }
        this.#checkDeadline('read', this.#readDeadline)
        const bytes = this.#inbox.shift()
        if (bytes !== undefined) return this.#took(bytes)
        if (this.#other?.hasEnded === true) {
          if (this.#endsRead++ > 0 && is('ends once')) throw new Error('read behind the end')
          return undefined
        }
        await this.#change(this.#readDeadline, signal)
      }
    } finally {
      this.#reading = false
    }
  }

  async write (data: Uint8Array | Uint8ArrayList, { signal }: WriteOptions = {}): Promise<void> {
    const is = (mutant: NetworkMutant): boolean => this.#init.broken.has(mutant)
    const bytes = data instanceof Uint8Array ? data : data.subarray()
    for (let taken = 0; ;) {
      if (signal?.aborted === true) {
        if (taken > 0 && !is('half a message')) this.reset()
        throw signal.reason
      }
      if (this.#over !== undefined) throw this.#over
      if (this.#writeClosed && !is('writes behind the end')) throw new StreamWriteClosedError()
      this.#checkDeadline('write', this.#writeDeadline)
      if (taken === bytes.byteLength && (taken > 0 || !is('empty chunks'))) break
      const other = this.#other
      const room = other === undefined ? 0 : other.#readClosed || is('no window') ? Infinity : WINDOW_BYTES - other.#inboxBytes
      const chunk = bytes.slice(taken, taken + Math.min(room, bytes.byteLength - taken))
      if (room > 0) {
        if (other !== undefined) other.#receive(chunk)
        taken += chunk.byteLength
        if (taken === bytes.byteLength) break
      } else {
        await this.#change(this.#writeDeadline, signal)
      }
    }
    this.#bytes.writtenBytes += bytes.byteLength
    this.#init.onBytes(0, bytes.byteLength)
  }

  async * [Symbol.asyncIterator] (): AsyncGenerator<Uint8Array> {
    for (let bytes = await this.read(); bytes !== undefined; bytes = await this.read()) yield bytes
  }

  async closeWrite (): Promise<void> {
    this.#writeClosed = true
    if (this.#init.broken.has('closeWrite closes both')) this.#readClosed = true
    this.#wake()
  }

  async closeRead (): Promise<void> {
    this.#readClosed = true
    this.#inboxBytes = 0
    this.#wake()
  }

  async close (): Promise<void> {
    await this.closeWrite()
    await this.closeRead()
    this.#leave()
  }

  reset (): void {
    this.#end(new StreamResetError({ remote: this.#init.broken.has('always the remote') }))
  }

  resetWithError (errorCode: number): void {
    this.#end(new StreamResetError({ remote: false, errorCode }))
  }

  abort (cause: Error): void {
    this.#end(new StreamResetError({ remote: false, ...(this.#init.broken.has('no cause') ? {} : { cause }) }))
  }

  setDeadline (atMs?: number): void {
    this.setReadDeadline(atMs)
    this.setWriteDeadline(atMs)
  }

  setReadDeadline (atMs?: number): void {
    this.#readDeadline = atMs
    this.#wake()
  }

  setWriteDeadline (atMs?: number): void {
    this.#writeDeadline = atMs
    this.#wake()
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    await this.close()
  }

  #took (bytes: Uint8Array): Uint8Array {
    this.#inboxBytes -= bytes.byteLength
    this.#bytes.readBytes += bytes.byteLength
    this.#init.onBytes(bytes.byteLength, 0)
    this.#wake()
    return bytes
  }

  #receive (bytes: Uint8Array): void {
    if (this.#readClosed) return
    this.#inbox.push(bytes)
    this.#inboxBytes += bytes.byteLength
    this.#wake()
  }

  #checkDeadline (operation: 'read' | 'write', atMs: number | undefined): void {
    if (atMs !== undefined && atMs <= this.#init.clock.monotonicMs() && !(operation === 'write' && this.#init.broken.has('no write deadline'))) throw new DeadlineExceededError(operation)
  }

  async #change (deadline: number | undefined, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    using _timer = this.#init.clock.setTimeout(resolve, deadline === undefined ? 60_000 : deadline - this.#init.clock.monotonicMs() + 1)
    const controller = new AbortController()
    signal?.addEventListener('abort', () => { resolve() }, { signal: controller.signal })
    await Promise.race([promise, this.#changed.promise])
    controller.abort()
  }

  #wake (): void {
    for (const end of [this, this.#other]) {
      if (end === undefined) continue
      end.#changed.resolve()
      end.#changed = Promise.withResolvers<void>()
    }
  }

  #end (error: Error): void {
    this.#over ??= error
    if (this.#other !== undefined && !this.#other.#gone) this.#other.#over ??= new StreamResetError({ remote: true })
    this.#wake()
    this.#leave()
  }

  #leave (): void {
    if (this.#gone) return
    this.#gone = true
    if (!this.#init.broken.has('stream scopes leak')) this.scope.done()
    this.#init.onGone(this)
  }
}
