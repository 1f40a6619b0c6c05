import { NegotiationError } from './errors.ts'
import { MessageDecoder } from './message-decoder.ts'
import type { NegotiableStream } from './negotiable-stream.ts'
import type { ResolvedNegotiationOptions } from './negotiation-options.ts'

/** The messages of a stream. Reads a chunk only when the last one does not hold the next message. */
export class MessageReader {
  readonly #stream: NegotiableStream
  readonly #decoder: MessageDecoder
  readonly #io: ResolvedNegotiationOptions['io']

  constructor (stream: NegotiableStream, { io, maxMessageBytes }: ResolvedNegotiationOptions) {
    this.#stream = stream
    this.#decoder = new MessageDecoder(maxMessageBytes)
    this.#io = io
  }

  /** The next message when no read is needed for it. @throws {NegotiationError} */
  buffered (): string | undefined {
    return this.#decoder.next()
  }

  /** The next message. @throws {NegotiationError}, and whatever the stream's read throws */
  async read (): Promise<string> {
    for (;;) {
      const message = this.#decoder.next()
      if (message !== undefined) return message
      const chunk = await this.#stream.read(this.#io)
      if (chunk === undefined) throw new NegotiationError('unexpected-end')
      this.#decoder.push(chunk instanceof Uint8Array ? chunk : chunk.subarray())
    }
  }

  /** What came behind the last message. The reader is used up. */
  takeRest (): Uint8Array {
    return this.#decoder.takeRest()
  }
}
