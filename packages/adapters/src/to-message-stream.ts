import type { AbortOptions, EventHandler, Logger, MessageStream, MessageStreamDirection, MessageStreamEvents } from '@libp2p/interface'
import { AbstractMessageStream, type SendResult } from '@libp2p/utils'
import type { SecureConn } from '@weir/network'
import type { Uint8ArrayList } from 'uint8arraylist'
import { messagesOf, nextDrain } from './message-waits.ts'
import { checkOptions } from './options.ts'

export interface ToMessageStreamInit {
  /** Which side opened the connection; a js muxer takes its role from it. */
  readonly direction: MessageStreamDirection
  readonly log: Logger
}

/**
 * A `SecureConn` as a js-libp2p `MessageStream`: what a js muxer works on. It is the connection's one reader, and owns it.
 *
 * It reads only while it is not paused and somebody listens for messages, so nothing piles up here. `send` hands every
 * byte on at once and never throws, not even after the end: js yamux sends from microtasks, where an exception would end
 * the process. `onDrain` works every time, and `for await` has backpressure.
 */
export function toMessageStream (conn: SecureConn, init: ToMessageStreamInit): MessageStream {
  checkOptions('toMessageStream', init, {}, ['direction', 'log'])
  return new SecureConnStream(conn, init)
}

class SecureConnStream extends AbstractMessageStream {
  readonly #conn: SecureConn
  #pumping = false

  constructor (conn: SecureConn, { direction, log }: ToMessageStreamInit) {
    super({ direction, log })
    this.#conn = conn
  }

  override send (data: Uint8Array | Uint8ArrayList): boolean {
    if (this.writeStatus !== 'writable') return false
    if (!this.#conn.write(data) && !this.writableNeedsDrain) {
      this.writableNeedsDrain = true
      this.#conn.drained().then(() => { this.safeDispatchEvent('drain') }, (error: Error) => { this.onTransportClosed(error) })
    }
    return !this.writableNeedsDrain
  }

  override onDrain (options?: AbortOptions): Promise<void> {
    return nextDrain(this, options)
  }

  override [Symbol.asyncIterator] (): AsyncGenerator<Uint8Array | Uint8ArrayList, void, undefined> {
    return messagesOf(this)
  }

  override async close (_options?: AbortOptions): Promise<void> {
    if (this.status !== 'open') return
    this.status = 'closing'
    this.writeStatus = 'closing'
    await this.#conn.close()
    this.onTransportClosed()
  }

  // The signatures of the overloads are those of the class above.
  override addEventListener<K extends keyof MessageStreamEvents>(type: K, listener: EventHandler<MessageStreamEvents[K]> | null, options?: boolean | AddEventListenerOptions): void
  override addEventListener (type: string, listener: EventHandler<Event>, options?: boolean | AddEventListenerOptions): void
  override addEventListener (type: string, listener: EventHandler<Event> | null, options?: boolean | AddEventListenerOptions): void {
    super.addEventListener(type, listener as EventHandler<Event>, options)
    if (type === 'message') queueMicrotask(() => { void this.#pump() })
  }

  override sendData (data: Uint8ArrayList): SendResult {
    return { sentBytes: data.byteLength, canSendMore: this.#conn.write(data) }
  }

  override sendReset (error: Error): void {
    this.#conn.abort(error)
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
      while (this.readStatus === 'readable' && this.listenerCount('message') > 0) {
        const chunk = await this.#conn.read()
        if (chunk === undefined) {
          this.onTransportClosed()
          return
        }
        this.onData(chunk)
      }
    } catch (error) {
      this.onTransportClosed(error as Error)
    } finally {
      this.#pumping = false
    }
  }
}
