import { decodeExact, type Encoding } from './encoding/encoding.ts'
import { DecodingError } from './encoding/errors.ts'

/** A message and the bytes it took. @see seed 002, "read" */
export interface SizedMessage<Message> {
  readonly sizeBytes: number
  readonly message: Message
}

const MIN_KEPT_BYTES = 256
const NOTHING: Uint8Array = new Uint8Array()

/**
 * Decodes the messages of a stream of plaintexts, which need not begin or end where chunks do.
 *
 * What is complete is decoded where it lies. What is not is kept in a buffer of its own, which grows with what has come and
 * not with what a header promises; a message that is too large is refused when its length is read.
 */
export class MessageDecoder<Message> {
  readonly #encoding: Encoding<Message>
  readonly #maxMessageBytes: number
  #bytes: Uint8Array = NOTHING
  #pos = 0
  #end = 0
  /** Whether the rest lies in a buffer of our own, which has room behind it. */
  #isKept = false
  /** How many bytes have to be there before it is worth looking. */
  #neededBytes = 1
  /** The size of the last message: the next one is often alike, and then its buffer is as large as it has to be. */
  #lastBytes = 0

  /** @throws {TypeError} when messages do not tell their own size */
  constructor (encoding: Encoding<Message>, maxMessageBytes: number) {
    if (encoding.kind === 'variable') throw new TypeError('messages must tell their own size: use dynamicSize')
    if (encoding.endOf(new Uint8Array(), 0) === 0) throw new TypeError('messages must not be empty: nobody could tell how many there are')
    this.#encoding = encoding
    this.#maxMessageBytes = maxMessageBytes
  }

  /** Bytes of a message that is not complete. */
  get heldBytes (): number {
    return this.#end - this.#pos
  }

  /** Adds bytes. All messages before them must have been taken. */
  push (plaintext: Uint8Array): void {
    if (this.#pos === this.#end) {
      this.#bytes = plaintext
      this.#pos = 0
      this.#end = plaintext.length
      this.#isKept = false
      return
    }
    if (this.#end + plaintext.length > this.#bytes.length) this.#keep(plaintext.length)
    this.#bytes.set(plaintext, this.#end)
    this.#end += plaintext.length
  }

  /** Where the next bytes may be put, as `push` would; `added` says when they are there. */
  room (bytes: number): Uint8Array {
    if (this.#pos === this.#end) {
      this.#bytes = Buffer.allocUnsafeSlow(Math.max(bytes, Math.min(this.#lastBytes, 2 * bytes)))
      this.#pos = this.#end = 0
      this.#isKept = true
    } else if (!this.#isKept || this.#end + bytes > this.#bytes.length) {
      this.#keep(bytes)
    }
    return this.#bytes.subarray(this.#end, this.#end + bytes)
  }

  added (bytes: number): void {
    this.#end += bytes
  }

  /** The next message that is complete. @throws {DecodingError} */
  next (): SizedMessage<Message> | undefined {
    if (this.heldBytes >= this.#neededBytes) {
      const bytes = this.#bytes.subarray(0, this.#end)
      const end = this.#encoding.endOf(bytes, this.#pos)
      const sizeBytes = end - this.#pos
      if (sizeBytes > this.#maxMessageBytes) throw new DecodingError('size-limit-exceeded', `a message of ${sizeBytes} bytes, at most ${this.#maxMessageBytes} are allowed`)
      if (end <= this.#end) {
        const message = decodeExact(this.#encoding, bytes.subarray(this.#pos, end))
        this.#pos = end
        this.#neededBytes = 1
        this.#lastBytes = sizeBytes
        return { sizeBytes, message }
      }
      this.#neededBytes = sizeBytes
    }
    if (this.heldBytes === 0) this.#forget() // an idle connection holds none of what came in
    else if (!this.#isKept || this.#isLarge) this.#keep(0)
    return undefined
  }

  /** Whether the buffer is there for what was taken already. */
  get #isLarge (): boolean {
    return this.#pos > 0 && this.#bytes.length > Math.max(2 * this.heldBytes, MIN_KEPT_BYTES)
  }

  #forget (): void {
    this.#bytes = NOTHING
    this.#pos = this.#end = 0
    this.#isKept = false
  }

  // A part of a chunk would hold all of it, and what was read with it, in memory.
  #keep (moreBytes: number): void {
    const leastBytes = this.heldBytes + moreBytes
    const kept = Buffer.allocUnsafeSlow(Math.max(leastBytes, Math.min(this.#neededBytes, 2 * leastBytes), MIN_KEPT_BYTES))
    kept.set(this.#bytes.subarray(this.#pos, this.#end))
    this.#end -= this.#pos
    this.#pos = 0
    this.#bytes = kept
    this.#isKept = true
  }
}
