import { CHUNK_OVERHEAD_BYTES } from './chunk-size.ts'
import { EncodedMessageUsedError } from './errors.ts'

/**
 * A message that is encoded and cut into chunks, to be written once. To send it to several connections, `copyEncodedMessage` it for
 * each: a copy costs no memory, for encrypting leaves these bytes as they are.
 *
 * @see seed 002, "encoded_message"
 */
export class EncodedMessage<Message> {
  // The kind of message it was made of; nothing of it is kept.
  declare private readonly message: Message
  readonly #plaintext: Uint8Array
  readonly #stepBytes: number
  #isUsed = false

  constructor (plaintext: Uint8Array, chunkBytes: number) {
    this.#plaintext = plaintext
    this.#stepBytes = chunkBytes - CHUNK_OVERHEAD_BYTES
  }

  get sizeBytes (): number {
    return this.#plaintext.length
  }

  get chunks (): number {
    return Math.ceil(this.#plaintext.length / this.#stepBytes)
  }

  get isUsed (): boolean {
    return this.#isUsed
  }

  /** What is encrypted as one chunk. */
  chunk (index: number): Uint8Array {
    return this.chunks === 1 ? this.#plaintext : this.#plaintext.subarray(index * this.#stepBytes, (index + 1) * this.#stepBytes)
  }

  /** Remembers that it was written. */
  use (): void {
    this.#isUsed = true
  }

  /** @throws {EncodedMessageUsedError} */
  copy (): EncodedMessage<Message> {
    if (this.#isUsed) throw new EncodedMessageUsedError()
    return new EncodedMessage(this.#plaintext, this.#stepBytes + CHUNK_OVERHEAD_BYTES)
  }
}

/** The same message once more. @throws {EncodedMessageUsedError} when it was written already */
export function copyEncodedMessage<Message> (message: EncodedMessage<Message>): EncodedMessage<Message> {
  return message.copy()
}
