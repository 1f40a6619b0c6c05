import type { Uint8ArrayList } from '@weir/network'
import { readYamuxHeader, YAMUX_HEADER_BYTES, type YamuxHeader, YamuxFrameType } from '@weir/adapters'

/** Who gets the frames. What it throws comes out of `feed`, and nothing may be fed any more. */
export interface FrameSink {
  /**
   * A header, before any byte of its payload was looked at. The object is used again for the next one.
   *
   * @returns whether the payload is wanted; if not it is skipped as it comes
   */
  onHeader (header: YamuxHeader): boolean
  /** A piece of the payload that was wanted, as it lies in what was fed. @param last - whether it is the frame's last */
  onPayload (bytes: Uint8Array, last: boolean): void
}

/** Finds frames in bytes, however they are cut. It keeps no more than an unfinished header, and copies no payload. */
export class FrameReader {
  readonly #sink: FrameSink
  readonly #header: YamuxHeader = { version: 0, type: 0, flags: 0, streamId: 0, length: 0 }
  readonly #partial = new Uint8Array(YAMUX_HEADER_BYTES)
  #partialBytes = 0
  #payloadBytes = 0
  #wanted = false

  constructor (sink: FrameSink) {
    this.#sink = sink
  }

  feed (chunk: Uint8Array | Uint8ArrayList): void {
    if (chunk instanceof Uint8Array) this.#feed(chunk)
    else for (const bytes of chunk) this.#feed(bytes)
  }

  #feed (bytes: Uint8Array): void {
    const end = bytes.byteLength
    let at = 0
    while (at < end) {
      if (this.#payloadBytes > 0) {
        const taken = Math.min(this.#payloadBytes, end - at)
        this.#payloadBytes -= taken
        if (this.#wanted) this.#sink.onPayload(taken === end ? bytes : bytes.subarray(at, at + taken), this.#payloadBytes === 0)
        at += taken
      } else if (this.#partialBytes === 0 && end - at >= YAMUX_HEADER_BYTES) {
        this.#begin(bytes, at)
        at += YAMUX_HEADER_BYTES
      } else {
        const taken = Math.min(YAMUX_HEADER_BYTES - this.#partialBytes, end - at)
        this.#partial.set(bytes.subarray(at, at + taken), this.#partialBytes)
        this.#partialBytes += taken
        at += taken
        if (this.#partialBytes === YAMUX_HEADER_BYTES) {
          this.#partialBytes = 0
          this.#begin(this.#partial, 0)
        }
      }
    }
  }

  #begin (bytes: Uint8Array, at: number): void {
    readYamuxHeader(bytes, at, this.#header)
    this.#wanted = this.#sink.onHeader(this.#header)
    if (this.#header.type === YamuxFrameType.data) this.#payloadBytes = this.#header.length
  }
}
