import type { AbortOptions, EventHandler, Logger, MessageStreamDirection, MessageStreamEvents } from '@libp2p/interface'
import { AbstractStream, type SendResult } from '@libp2p/utils'
import { type MuxedStream, ResourceLimitExceededError, StreamReadClosedError, StreamResetError } from '@weir/network'
import type { Uint8ArrayList } from 'uint8arraylist'
import { abortable } from './abortable.ts'
import { YAMUX_INITIAL_WINDOW_BYTES } from './defaults.ts'
import { messagesOf, nextDrain } from './message-waits.ts'

export interface MuxedJsStreamInit {
  readonly id: string
  readonly protocol: string
  readonly direction: MessageStreamDirection
  readonly log: Logger
}

// Without a listener the remote's end is still to be seen, behind what it sent before; so much is read ahead for that.
const READ_AHEAD_BYTES = 65_536

// The remote's end is to be seen when nobody reads any more, too. So much is dropped for that: what a remote may send without a word of ours.
const MAX_DROPPED_BYTES = YAMUX_INITIAL_WINDOW_BYTES

// What may be written and not be taken yet before a sender is told to wait: as much as a new stream takes at once, in so many
// writes, each of which costs more than its bytes when they are few.
const MAX_WAITING_BYTES = YAMUX_INITIAL_WINDOW_BYTES
const MAX_WAITING_WRITES = 512

/** A `MuxedStream` as a js-libp2p stream. Made with `toStream` or by a muxer of ours. */
export class MuxedJsStream extends AbstractStream {
  readonly #stream: MuxedStream
  #pumping = false
  #droppedBytes = 0
  #waitingBytes = 0
  #waitingWrites = 0

  constructor (stream: MuxedStream, init: MuxedJsStreamInit) {
    super(init)
    this.#stream = stream
    this.addEventListener('close', () => {
      // Both halves have ended, in whatever way. It is said here as well, so that the stream's scope ends.
      stream.close().catch((error: unknown) => { this.log.error('closing the stream failed - %e', error) })
    })
    // Who gets the stream has this turn to listen: what is read ahead of that loses the bounds of its messages.
    setImmediate(() => { void this.#pump() })
  }

  override onDrain (options?: AbortOptions): Promise<void> {
    return nextDrain(this, options)
  }

  override [Symbol.asyncIterator] (): AsyncGenerator<Uint8Array | Uint8ArrayList, void, undefined> {
    return messagesOf(this)
  }

  // The signatures of the overloads are those of the class above.
  override addEventListener<K extends keyof MessageStreamEvents>(type: K, listener: EventHandler<MessageStreamEvents[K]> | null, options?: boolean | AddEventListenerOptions): void
  override addEventListener (type: string, listener: EventHandler<Event>, options?: boolean | AddEventListenerOptions): void
  override addEventListener (type: string, listener: EventHandler<Event> | null, options?: boolean | AddEventListenerOptions): void {
    super.addEventListener(type, listener as EventHandler<Event>, options)
    if (type === 'message') queueMicrotask(() => { void this.#pump() })
  }

  override async close (options?: AbortOptions): Promise<void> {
    await super.close(options)
    this.#endIfUnused()
  }

  override async closeRead (options?: AbortOptions): Promise<void> {
    await super.closeRead(options)
    this.#endIfUnused()
  }

  override sendData (data: Uint8ArrayList): SendResult {
    const sentBytes = data.byteLength
    this.#waitingBytes += sentBytes
    this.#waitingWrites++
    this.#stream.write(data).then(() => { this.#onTaken(sentBytes) }, (error: unknown) => { this.#onFault(error) })
    return { sentBytes, canSendMore: this.#mayWait() }
  }

  override async sendCloseWrite (options?: AbortOptions): Promise<void> {
    const closed = this.#stream.closeWrite()
    try {
      await abortable(closed, options?.signal)
    } catch (error) {
      closed.then(() => { this.#onWriteClosed() }, () => {}) // nobody waits any more, and it ends all the same
      throw error
    }
  }

  override async sendCloseRead (): Promise<void> {
    void this.#pump()
  }

  override sendReset (error: Error): void {
    this.#stream.abort(error)
  }

  override sendPause (): void {}

  override sendResume (): void {
    void this.#pump()
  }

  /** Moves bytes up until paused or ended. Never rejects. */
  async #pump (): Promise<void> {
    if (this.#pumping) return
    this.#pumping = true
    try {
      while (this.#wantsMore()) {
        const chunk = await this.#stream.read()
        if (chunk === undefined) {
          this.onRemoteCloseWrite()
          return
        }
        if (this.#isReadClosed()) this.#droppedBytes += chunk.byteLength
        else this.onData(chunk)
        if (this.#droppedBytes > MAX_DROPPED_BYTES) await this.#stream.closeRead()
      }
    } catch (error) {
      this.#onFault(error)
    } finally {
      this.#pumping = false
    }
  }

  #wantsMore (): boolean {
    if (this.status !== 'open' && this.status !== 'closing') return false
    if (this.#isReadClosed()) return this.#droppedBytes <= MAX_DROPPED_BYTES
    return this.readStatus === 'readable' && (this.listenerCount('message') > 0 || this.readBuffer.byteLength < READ_AHEAD_BYTES)
  }

  #isReadClosed (): boolean {
    return this.readStatus === 'closing' || this.readStatus === 'closed'
  }

  #onTaken (bytes: number): void {
    this.#waitingBytes -= bytes
    this.#waitingWrites--
    if (this.writableNeedsDrain && this.#mayWait()) this.safeDispatchEvent('drain')
  }

  /** Whether one more write may wait. */
  #mayWait (): boolean {
    return this.#waitingBytes < MAX_WAITING_BYTES && this.#waitingWrites < MAX_WAITING_WRITES
  }

  #onWriteClosed (): void {
    if (this.writeStatus !== 'closing') return
    this.writeStatus = 'closed'
    if (this.remoteWriteStatus === 'closed') this.onTransportClosed()
    else this.#endIfUnused()
  }

  #onFault (error: unknown): void {
    if (StreamReadClosedError.is(error)) return // by `closeRead`, here
    const remote = StreamResetError.is(error) ? error.remote : ResourceLimitExceededError.is(error) && error.where === 'remote'
    if (this.status !== 'open' && this.status !== 'closing') return
    if (remote) this.onRemoteReset()
    else this.abort(error as Error)
  }

  /** With both halves closed here nobody sees the remote's end any more: the stream ends now, and the one below waits for it. */
  #endIfUnused (): void {
    if (this.writeStatus === 'closed' && this.readStatus === 'closed' && this.status === 'open') this.onTransportClosed()
  }
}
