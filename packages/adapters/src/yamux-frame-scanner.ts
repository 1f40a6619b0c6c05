import { Uint8ArrayList } from 'uint8arraylist'
import { Flag, FrameType, HEADER_BYTES, readHeader, writeHeader, type YamuxHeader } from './yamux-frame.ts'

/**
 * Finds the headers in one direction of a Yamux connection, however its bytes are cut, and holds back nothing but a
 * header that is not whole yet.
 *
 * The callback sees each header before any byte of its frame is passed on. It throws to stop everything, and may change
 * the header: then the changed one is passed on. A data frame's length must stay; when its end-of-stream flag is taken
 * away, a frame with that flag follows its payload.
 */
export class YamuxFrameScanner {
  readonly #onHeader: (header: YamuxHeader) => void
  readonly #header: YamuxHeader = { version: 0, type: 0, flags: 0, streamId: 0, length: 0 }
  readonly #partial = new Uint8Array(HEADER_BYTES)
  #partialBytes = 0
  #payloadBytes = 0
  #endOf = 0 // the stream whose end follows the payload

  constructor (onHeader: (header: YamuxHeader) => void) {
    this.#onHeader = onHeader
  }

  /** @returns what may be passed on now, which may be nothing; the argument itself when nothing was changed */
  scan (chunk: Uint8Array | Uint8ArrayList): Uint8Array | Uint8ArrayList {
    if (chunk instanceof Uint8Array) return this.#scanBuffer(chunk)
    const out = new Uint8ArrayList()
    for (const buffer of chunk) {
      const passed = this.#scanBuffer(buffer)
      if (passed.byteLength > 0) out.append(passed)
    }
    return out
  }

  #scanBuffer (buffer: Uint8Array): Uint8Array | Uint8ArrayList {
    let out: Uint8ArrayList | undefined
    let from = 0 // of what was not passed on yet
    let at = 0
    const pass = (to: number, instead?: Uint8Array): void => {
      out ??= new Uint8ArrayList()
      if (to > from) out.append(buffer.subarray(from, to))
      if (instead !== undefined) out.append(instead)
    }
    while (at < buffer.byteLength) {
      if (this.#payloadBytes > 0) {
        const bytes = Math.min(this.#payloadBytes, buffer.byteLength - at)
        at += bytes
        this.#payloadBytes -= bytes
        if (this.#payloadBytes === 0 && this.#endOf !== 0) {
          pass(at, writeHeader({ version: 0, type: FrameType.windowUpdate, flags: Flag.fin, streamId: this.#endOf, length: 0 }))
          from = at
          this.#endOf = 0
        }
      } else if (this.#partialBytes === 0 && buffer.byteLength - at >= HEADER_BYTES) {
        const changed = this.#read(buffer, at)
        if (changed !== undefined) {
          pass(at, changed)
          from = at + HEADER_BYTES
        }
        at += HEADER_BYTES
      } else {
        const bytes = Math.min(HEADER_BYTES - this.#partialBytes, buffer.byteLength - at)
        pass(at)
        this.#partial.set(buffer.subarray(at, at + bytes), this.#partialBytes)
        this.#partialBytes += bytes
        at += bytes
        from = at
        if (this.#partialBytes === HEADER_BYTES) {
          this.#partialBytes = 0
          pass(at, this.#read(this.#partial, 0) ?? this.#partial.slice())
        }
      }
    }
    if (out === undefined) return buffer
    pass(at)
    return out
  }

  /** @returns the header to pass on in place of the one there, `undefined` for that one itself */
  #read (bytes: Uint8Array, at: number): Uint8Array | undefined {
    const header = this.#header
    readHeader(bytes, at, header)
    const { flags, length } = header
    this.#onHeader(header)
    if (header.type === FrameType.data) {
      this.#payloadBytes = length
      if ((flags & ~header.flags & Flag.fin) !== 0) this.#endOf = header.streamId
    }
    return header.flags === flags && header.length === length ? undefined : writeHeader(header)
  }
}
