import { EncodedMessageUsedError } from './errors.ts'
import { CHUNK_OVERHEAD_BYTES } from './frames.ts'

/**
 * A message laid out in chunks, ready to be encrypted where it lies: so it can be written once, to one connection. To send it to
 * several, `copyEncodedMessage` it for each.
 *
 * @see seed 002, "encoded_message"
 */
export class EncodedMessage<Message> {
  // The kind of message it was made of; nothing of it is kept.
  declare private readonly message: Message
  readonly #chunks: number
  #frames: Uint8Array | undefined

  constructor (frames: Uint8Array, chunks: number) {
    this.#frames = frames
    this.#chunks = chunks
  }

  get chunks (): number {
    return this.#chunks
  }

  /** What it takes on the wire. */
  get wireBytes (): number {
    return this.peek().length
  }

  /** Of the message alone. */
  get sizeBytes (): number {
    return this.wireBytes - this.#chunks * CHUNK_OVERHEAD_BYTES
  }

  /** Its bytes, which stay its own. @throws {EncodedMessageUsedError} when they were given away */
  peek (): Uint8Array {
    if (this.#frames === undefined) throw new EncodedMessageUsedError()
    return this.#frames
  }

  /** Gives its bytes away. @throws {EncodedMessageUsedError} the second time */
  take (): Uint8Array {
    const frames = this.peek()
    this.#frames = undefined
    return frames
  }

  /** @throws {EncodedMessageUsedError} when it was written */
  copy (): EncodedMessage<Message> {
    return new EncodedMessage(this.peek().slice(), this.#chunks)
  }
}

/** The same message once more, in memory of its own. @throws {EncodedMessageUsedError} when it was written already */
export function copyEncodedMessage<Message> (message: EncodedMessage<Message>): EncodedMessage<Message> {
  return message.copy()
}
