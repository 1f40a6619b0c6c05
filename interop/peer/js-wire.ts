import { setImmediate } from 'node:timers'
import type { Stream } from '@libp2p/interface'
import type { Wire } from './wire.ts'

const PAUSE_ABOVE_BYTES = 1024 * 1024

/**
 * A js-libp2p stream that is read by pulling. Written for these tests alone, on js-libp2p's own events, so that what weir's
 * adapters do is not checked against themselves.
 */
export class JsWire implements Wire {
  readonly #stream: Stream
  readonly #chunks: Uint8Array[] = []
  #bytes = 0
  #ended = false
  #failure: Error | undefined
  #wake: () => void = () => {}

  constructor (stream: Stream) {
    this.#stream = stream
    stream.addEventListener('message', ({ data }) => {
      const chunk = data instanceof Uint8Array ? data : data.subarray()
      this.#chunks.push(chunk)
      this.#bytes += chunk.byteLength
      if (this.#bytes > PAUSE_ABOVE_BYTES) stream.pause()
      this.#wake()
    })
    stream.addEventListener('remoteCloseWrite', () => { this.#remoteEnded() })
    // It may be that the remote's end came while the protocol was negotiated: no event tells of it any more.
    if (stream.remoteWriteStatus === 'closed') this.#remoteEnded()
    stream.addEventListener('close', event => {
      this.#ended = true
      this.#failure = event.error
      this.#wake()
    })
  }

  /** Bytes may still be under way: pushed back after negotiation, or in the frame that carried the end. */
  #remoteEnded (): void {
    setImmediate(() => {
      this.#ended = true
      this.#wake()
    })
  }

  async read (): Promise<Uint8Array | undefined> {
    while (true) {
      const chunk = this.#chunks.shift()
      if (chunk !== undefined) {
        const wasAbove = this.#bytes > PAUSE_ABOVE_BYTES
        this.#bytes -= chunk.byteLength
        if (wasAbove && this.#bytes <= PAUSE_ABOVE_BYTES) this.#stream.resume()
        return chunk
      }
      if (this.#failure !== undefined) throw this.#failure
      if (this.#ended && this.#stream.readBufferLength === 0) return undefined
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      await promise
    }
  }

  async write (data: Uint8Array): Promise<void> {
    if (this.#stream.send(data)) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const closed = (event: { error?: Error }): void => { reject(event.error ?? new Error('the stream was closed while it was written to')) }
    this.#stream.addEventListener('drain', () => { resolve() }, { once: true })
    this.#stream.addEventListener('close', closed, { once: true })
    try {
      await promise
    } finally {
      this.#stream.removeEventListener('close', closed)
    }
  }

  async closeWrite (): Promise<void> {
    await this.#stream.close()
  }

  async close (): Promise<void> {
    await this.#stream.close()
  }

  reset (): void {
    this.#stream.abort(new Error('reset by the check'))
  }

  resetWithError (errorCode: number): void {
    if (errorCode !== 0) throw new Error('js-libp2p has no error codes')
    this.reset()
  }
}
