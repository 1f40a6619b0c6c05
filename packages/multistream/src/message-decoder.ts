import { NegotiationError } from './errors.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const EMPTY: Uint8Array = new Uint8Array(0)
const NEWLINE = 0x0a

function decodeBody (body: Uint8Array): string {
  const end = body.byteLength - 1
  if (body[end] !== NEWLINE) throw new NegotiationError('malformed-message')
  if (end === 0) throw new NegotiationError('malformed-message')
  try {
    return decoder.decode(body.subarray(0, end))
  } catch (cause) {
    throw new NegotiationError('malformed-message', { cause })
  }
}

/**
 * Cuts chunks into messages, wherever the chunks are cut.
 *
 * Pure: it does no I/O. It keeps one chunk and at most one message that is not whole yet; a length above the limit is refused
 * as soon as it is there, before anything is kept for it. After it has thrown it must not be used again.
 */
export class MessageDecoder {
  readonly #maxMessageBytes: number
  #chunk: Uint8Array = EMPTY
  #at = 0
  /** The first byte of a length of two, when it came alone. */
  #lengthLow: number | undefined
  /** The message that is not whole yet. */
  #partial: Uint8Array | undefined
  #filled = 0

  constructor (maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes
  }

  /** Takes the next chunk, without a copy. Call it only when `next` has given `undefined`: then the last one is used up. */
  push (chunk: Uint8Array): void {
    this.#chunk = chunk
    this.#at = 0
  }

  /** The next message without its newline, or `undefined` when another chunk is needed. @throws {NegotiationError} */
  next (): string | undefined {
    if (this.#partial === undefined) {
      const length = this.#readLength()
      if (length === undefined) return undefined
      const end = this.#at + length
      if (end <= this.#chunk.byteLength) {
        const body = this.#chunk.subarray(this.#at, end)
        this.#at = end
        return decodeBody(body)
      }
      this.#partial = new Uint8Array(length)
      this.#filled = 0
    }
    return this.#fillPartial(this.#partial)
  }

  /** What is left of the chunk, which is given away: a view of it. */
  takeRest (): Uint8Array {
    const rest = this.#at === this.#chunk.byteLength ? EMPTY : this.#chunk.subarray(this.#at)
    this.#chunk = EMPTY
    this.#at = 0
    return rest
  }

  #fillPartial (partial: Uint8Array): string | undefined {
    const part = this.#chunk.subarray(this.#at, this.#at + partial.byteLength - this.#filled)
    partial.set(part, this.#filled)
    this.#filled += part.byteLength
    this.#at += part.byteLength
    if (this.#filled < partial.byteLength) return undefined
    this.#partial = undefined
    return decodeBody(partial)
  }

  #readLength (): number | undefined {
    if (this.#lengthLow === undefined) {
      const first = this.#nextByte()
      if (first === undefined) return undefined
      if (first < 0x80) return this.#checkLength(first)
      this.#lengthLow = first & 0x7f
    }
    const second = this.#nextByte()
    if (second === undefined) return undefined
    if (second === 0) throw new NegotiationError('bad-length')
    const length = this.#lengthLow | second << 7 // a second byte that says that more follow makes this longer than any limit
    this.#lengthLow = undefined
    return this.#checkLength(length)
  }

  #nextByte (): number | undefined {
    const byte = this.#chunk[this.#at]
    if (byte !== undefined) this.#at++
    return byte
  }

  #checkLength (length: number): number {
    if (length === 0) throw new NegotiationError('bad-length')
    if (length > this.#maxMessageBytes) throw new NegotiationError('message-too-long')
    return length
  }
}
