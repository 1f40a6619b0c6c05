import { Uint8ArrayList } from 'uint8arraylist'
import { Flag, FrameType, HEADER_BYTES, readHeader, writeHeader, type YamuxHeader } from './yamux-frame.ts'

const NOTHING = new Uint8Array(0)

/**
 * Finds the headers in one direction of a Yamux connection, however its bytes are cut, and holds back nothing but a
 * header that is not whole yet.
 *
 * The callback sees each header before any byte of its frame is passed on. It throws to stop everything, and may change
 * the header: then the changed one is passed on. A data frame's length must stay; when its end-of-stream flag is taken
 * away, a frame with that flag follows its payload. A frame without payload is left out when it says so.
 */
export class YamuxFrameScanner {
  readonly #onHeader: (header: YamuxHeader) => 'leave-out' | undefined
  readonly #header: YamuxHeader = { version: 0, type: 0, flags: 0, streamId: 0, length: 0 }
  readonly #partial = new Uint8Array(HEADER_BYTES)
  #partialBytes = 0
  #payloadBytes = 0
  #endOf = 0 // the stream whose end follows the payload

  constructor (onHeader: (header: YamuxHeader) => 'leave-out' | undefined) {
    this.#onHeader = onHeader
  }

  /** @returns what may be passed on now, which may be nothing; the argument itself when nothing was changed */
  scan (chunk: Uint8Array | Uint8ArrayList): Uint8Array | Uint8ArrayList {
    if (chunk instanceof Uint8Array) return this.#scanBuffer(chunk)
    let out: Uint8ArrayList | undefined
    let offset = 0
    for (const buffer of chunk) {
      const passed = this.#scanBuffer(buffer)
      if (passed !== buffer) out ??= chunk.sublist(0, offset)
      if (out !== undefined && passed.byteLength > 0) out.append(passed)
      offset += buffer.byteLength
    }
    return out ?? chunk
  }

  #scanBuffer (buffer: Uint8Array): Uint8Array | Uint8ArrayList {
    let out: Uint8ArrayList | undefined // made with the first change
    let from = 0 // of what was not passed on yet
    let at = 0
    while (at < buffer.byteLength) {
      let instead: Uint8Array | undefined // to pass on in place of what is skipped
      let skip = 0
      if (this.#payloadBytes > 0) {
        const bytes = Math.min(this.#payloadBytes, buffer.byteLength - at)
        at += bytes
        this.#payloadBytes -= bytes
        if (this.#payloadBytes > 0 || this.#endOf === 0) continue
        instead = writeHeader({ version: 0, type: FrameType.windowUpdate, flags: Flag.fin, streamId: this.#endOf, length: 0 })
        this.#endOf = 0
      } else if (this.#partialBytes === 0 && buffer.byteLength - at >= HEADER_BYTES) {
        instead = this.#read(buffer, at)
        if (instead === undefined) {
          at += HEADER_BYTES
          continue
        }
        skip = HEADER_BYTES
      } else {
        skip = Math.min(HEADER_BYTES - this.#partialBytes, buffer.byteLength - at)
        this.#partial.set(buffer.subarray(at, at + skip), this.#partialBytes)
        this.#partialBytes += skip
        if (this.#partialBytes === HEADER_BYTES) {
          this.#partialBytes = 0
          instead = this.#read(this.#partial, 0) ?? this.#partial.slice()
        }
      }
      out ??= new Uint8ArrayList()
      if (at > from) out.append(buffer.subarray(from, at))
      if (instead !== undefined) out.append(instead)
      at += skip
      from = at
    }
    if (out === undefined) return buffer
    if (at > from) out.append(buffer.subarray(from, at))
    return out
  }

  /** @returns the header to pass on in place of the one there, `undefined` for that one itself */
  #read (bytes: Uint8Array, at: number): Uint8Array | undefined {
    const header = this.#header
    readHeader(bytes, at, header)
    const { flags, length } = header
    if (this.#onHeader(header) === 'leave-out') return NOTHING
    if (header.type === FrameType.data) {
      this.#payloadBytes = length
      if ((flags & ~header.flags & Flag.fin) !== 0) this.#endOf = header.streamId
    }
    return header.flags === flags && header.length === length ? undefined : writeHeader(header)
  }
}
