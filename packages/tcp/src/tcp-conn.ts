import type { Socket } from 'node:net'
import {
  type AbortOptions, type Logger, type MessageStreamDirection, type MessageStreamEvents, type MessageStreamReadStatus, type MessageStreamStatus,
  type MultiaddrConnection, type MultiaddrConnectionTimeline, StreamAbortEvent, StreamCloseEvent, StreamMessageEvent, StreamResetEvent, StreamStateError,
  TypedEventEmitter
} from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { messagesOf, nextDrain } from '@weir/adapters'
import { Uint8ArrayList } from 'uint8arraylist'
import { MAX_JOINED_BYTES } from './defaults.ts'
import { TcpBufferFullError, TcpConnLostError, TcpTimeoutError } from './errors.ts'
import type { TcpSettings } from './tcp-init.ts'

export interface TcpConnInit {
  /** Connected, paused, and nobody's but the connection's from now on. */
  readonly socket: Socket
  readonly direction: MessageStreamDirection
  readonly localMultiaddr: Multiaddr
  readonly remoteMultiaddr: Multiaddr
  readonly settings: TcpSettings
  readonly log: Logger
}

const NOTHING = new Uint8Array(0)

/**
 * A socket as js-libp2p's `MultiaddrConnection`, with the address of its own end.
 *
 * It reads only while somebody listens to `message` and it is not paused: what nobody takes stays with the kernel, but for
 * one buffer of 64 KiB. Writes of one turn go out together. There is no half-open connection, as in Go: the
 * remote's end is the end, once what was written before is gone. Nothing that the remote sends, or does, throws.
 */
export class TcpConn extends TypedEventEmitter<MessageStreamEvents> implements MultiaddrConnection {
  readonly direction: MessageStreamDirection
  readonly localMultiaddr: Multiaddr
  readonly remoteAddr: Multiaddr
  readonly timeline: MultiaddrConnectionTimeline = { open: Date.now() }
  /** None of its own: whoever speaks over it knows how long silence may be. */
  readonly inactivityTimeout: number = Infinity
  status: MessageStreamStatus = 'open'
  log: Logger
  maxReadBufferLength: number
  maxWriteBufferLength: number
  readonly #socket: Socket
  readonly #settings: TcpSettings
  #paused = false
  #corked = false
  /** Pushed back: before anything the socket has. */
  #pushed: Uint8ArrayList | undefined
  #remoteEnded = false
  #readableEnded = false
  #closeTimer: Disposable | undefined

  constructor ({ socket, direction, localMultiaddr, remoteMultiaddr, settings, log }: TcpConnInit) {
    super()
    this.direction = direction
    this.localMultiaddr = localMultiaddr
    this.remoteAddr = remoteMultiaddr
    this.log = log
    this.maxReadBufferLength = settings.maxReadBufferBytes
    this.maxWriteBufferLength = settings.maxWriteBufferBytes
    this.#socket = socket
    this.#settings = settings
    socket.on('data', this.#onData)
    socket.on('end', this.#onEnd)
    socket.on('drain', this.#onDrain)
    socket.on('error', this.#onError)
    socket.on('close', this.#onClose)
  }

  get readStatus (): MessageStreamReadStatus {
    if (this.#readableEnded) return 'closed'
    return this.#paused ? 'paused' : 'readable'
  }

  get readableEnded (): boolean {
    return this.#readableEnded
  }

  get readBufferLength (): number {
    return (this.#pushed?.byteLength ?? 0) + this.#socket.readableLength
  }

  get writableNeedsDrain (): boolean {
    return this.#socket.writableNeedDrain
  }

  get writeBufferLength (): number {
    return this.#socket.writableLength
  }

  /** @throws {StreamStateError} once it is closing, by whichever side */
  send (data: Uint8Array | Uint8ArrayList): boolean {
    if (this.status !== 'open') throw new StreamStateError(`cannot send over a connection that is ${this.status}`)
    const socket = this.#socket
    if (socket.writableNeedDrain && this.#overflows('write', socket.writableLength + data.byteLength, this.maxWriteBufferLength)) return false
    if (!this.#corked) {
      this.#corked = true
      socket.cork()
      process.nextTick(this.#uncork)
    }
    if (data instanceof Uint8Array) socket.write(data)
    else if (data.byteLength <= MAX_JOINED_BYTES) socket.write(data.subarray())
    else for (const part of data) socket.write(part)
    return !socket.writableNeedDrain
  }

  onDrain (options?: AbortOptions): Promise<void> {
    return nextDrain(this, options)
  }

  pause (): void {
    this.#paused = true
    this.#socket.pause()
  }

  resume (): void {
    this.#paused = false
    this.#readSoon()
  }

  push (data: Uint8Array | Uint8ArrayList): void {
    this.#pushBack(data, list => { list.append(data) })
  }

  unshift (data: Uint8Array | Uint8ArrayList): void {
    this.#pushBack(data, list => { list.prepend(data) })
  }

  override addEventListener (...args: Parameters<TypedEventEmitter<MessageStreamEvents>['addEventListener']>): void {
    super.addEventListener(...args)
    if (args[0] === 'message') this.#readSoon()
  }

  override removeEventListener (...args: Parameters<TypedEventEmitter<MessageStreamEvents>['removeEventListener']>): void {
    super.removeEventListener(...args)
    if (args[0] === 'message') this.#stopUnheard()
  }

  async * [Symbol.asyncIterator] (): AsyncGenerator<Uint8Array | Uint8ArrayList, void, undefined> {
    yield * messagesOf(this)
  }

  /**
   * Sends what was written, then FIN. Resolves when the socket is gone; the signal ends the waiting, and not the closing.
   *
   * @throws {TcpTimeoutError} when the remote does not take it all within `closeTimeoutMs`: then the connection is reset
   * @throws what ended it instead, or the signal's reason
   */
  async close ({ signal }: AbortOptions = {}): Promise<void> {
    if (this.timeline.close !== undefined) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    using undo = new DisposableStack()
    const onClose = ({ error }: StreamCloseEvent): void => { if (error === undefined) resolve(); else reject(error) }
    const onAbort = (): void => { reject(signal?.reason) }
    undo.defer(() => { this.removeEventListener('close', onClose as EventListener) })
    undo.defer(() => { signal?.removeEventListener('abort', onAbort) })
    this.addEventListener('close', onClose as EventListener)
    signal?.addEventListener('abort', onAbort)
    this.#endSoon()
    if (signal?.aborted === true) onAbort()
    await promise
  }

  /** Drops what waits in both directions and resets the connection, in this turn. */
  abort (error: Error): void {
    this.#finish('aborted', new StreamAbortEvent(error))
  }

  // Listeners of the socket: what they throw would end the process, so none of them may.

  readonly #onData = (data: Uint8Array): void => {
    this.#deliver(data)
  }

  readonly #onEnd = (): void => {
    this.#remoteEnded = true
    this.#endSoon()
    this.dispatchEvent(new Event('remoteCloseWrite'))
    this.#endReading()
  }

  readonly #onDrain = (): void => {
    this.dispatchEvent(new Event('idle'))
    if (this.status === 'open') this.dispatchEvent(new Event('drain'))
  }

  readonly #onError = (cause: Error): void => {
    this.#finish('reset', new StreamResetEvent(new TcpConnLostError(this.remoteAddr, { cause })))
  }

  readonly #onClose = (): void => {
    const local = !this.#remoteEnded
    this.#remoteEnded = true
    this.#finish('closed', new StreamCloseEvent(local))
  }

  readonly #uncork = (): void => {
    this.#corked = false
    this.#socket.uncork()
  }

  #pushBack (data: Uint8Array | Uint8ArrayList, add: (list: Uint8ArrayList) => void): void {
    if (data.byteLength === 0 || this.status === 'aborted' || this.status === 'reset') return
    if (this.#overflows('read', (this.#pushed?.byteLength ?? 0) + data.byteLength, this.maxReadBufferLength)) return
    this.#pushed ??= new Uint8ArrayList()
    add(this.#pushed)
    this.#socket.pause()
    this.#readSoon()
  }

  // Listeners are added by constructors that are not done yet: they hear nothing in the same turn.
  #readSoon (): void {
    queueMicrotask(this.#read)
  }

  readonly #read = (): void => {
    if (this.#paused || this.listenerCount('message') === 0) return
    const pushed = this.#pushed
    if (pushed === undefined) {
      this.#socket.resume()
      return
    }
    this.#pushed = undefined
    this.#deliver(pushed)
    if (this.#remoteEnded) this.#endReading()
    this.#readSoon() // unless a listener has paused it meanwhile
  }

  #deliver (data: Uint8Array | Uint8ArrayList): void {
    this.dispatchEvent(new StreamMessageEvent(data))
    this.#stopUnheard()
  }

  #stopUnheard (): void {
    if (this.listenerCount('message') === 0) this.#socket.pause()
  }

  #endReading (): void {
    if (this.#readableEnded || this.#pushed !== undefined) return
    this.#readableEnded = true
    this.dispatchEvent(new Event('end'))
  }

  #overflows (buffer: 'write' | 'read', bytes: number, limit: number): boolean {
    if (bytes <= limit) return false
    this.abort(new TcpBufferFullError(buffer, bytes, limit))
    return true
  }

  // Ends the socket only when all is gone: once it is ending it could not be reset any more.
  #endSoon (): void {
    if (this.status !== 'open') return
    this.status = 'closing'
    const { closeTimeoutMs, clock } = this.#settings
    this.#closeTimer = clock.setTimeout(() => { this.abort(new TcpTimeoutError('closing', closeTimeoutMs)) }, closeTimeoutMs)
    const socket = this.#socket
    if (socket.writableLength === 0) socket.destroySoon()
    else socket.write(NOTHING, () => { socket.destroySoon() })
  }

  // Whatever ends it comes through here, once.
  #finish (status: 'closed' | 'aborted' | 'reset', event: StreamCloseEvent): void {
    if (this.timeline.close !== undefined) return
    this.status = status
    this.timeline.close = Date.now()
    this.#closeTimer?.[Symbol.dispose]()
    if (status !== 'closed') this.#pushed = undefined // what came before a graceful end can still be read
    if (status === 'aborted') this.#reset()
    this.#endReading()
    this.dispatchEvent(event)
  }

  // A reset within a shutdown fails, and would leave the socket open.
  #reset (): void {
    if (this.#socket.writableEnded) this.#socket.destroy()
    else this.#socket.resetAndDestroy()
  }
}
