import type { ReadOptions, Stream } from '@weir/network'
import { UnexpectedStreamEndError } from './errors.ts'

const EMPTY = new Uint8Array(0)

/** Reads numbers of bytes from a stream, however the remote cut them. What is left over waits for the next read. */
export class ExactReader {
  readonly #stream: Stream
  #rest: Uint8Array = EMPTY

  constructor (stream: Stream) {
    this.#stream = stream
  }

  /**
   * The next `length` bytes, or `undefined` when the stream has ended before the first of them.
   *
   * @throws {UnexpectedStreamEndError} when it ends in their middle
   * @throws what the stream's `read` throws
   */
  async read (length: number, options?: ReadOptions): Promise<Uint8Array | undefined> {
    const out = new Uint8Array(length)
    let filled = 0
    while (filled < length) {
      const bytes = this.#rest.byteLength > 0 ? this.#rest : await this.#stream.read(options)
      if (bytes === undefined) {
        if (filled === 0) return undefined
        throw new UnexpectedStreamEndError({ expectedBytes: length, receivedBytes: filled })
      }
      const part = bytes.subarray(0, length - filled)
      out.set(part, filled)
      filled += part.byteLength
      this.#rest = bytes.subarray(part.byteLength)
    }
    return out
  }

  /** The next bytes, as many as there are: what is left over first. */
  async readSome (options?: ReadOptions): Promise<Uint8Array | undefined> {
    if (this.#rest.byteLength === 0) return await this.#stream.read(options)
    const rest = this.#rest
    this.#rest = EMPTY
    return rest
  }
}
