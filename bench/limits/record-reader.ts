import { type CipherState, TAG_BYTES } from './crypto.ts'

const LENGTH_BYTES = 2
const PARTIAL_BYTES = LENGTH_BYTES + TAG_BYTES

/** Opens records as their pieces come, so that no piece is copied to stand beside the next. */
export class RecordReader {
  readonly #cipher: CipherState
  readonly #take: (plain: Buffer) => void
  /** The length of the next record, and behind it the tag of this one, as far as they have come. */
  readonly #partial = Buffer.alloc(PARTIAL_BYTES)
  #have = 0
  #left = 0
  #decipher: ReturnType<CipherState['opening']> | undefined
  #plain: Buffer[] = []

  constructor (cipher: CipherState, take: (plain: Buffer) => void) {
    this.#cipher = cipher
    this.#take = take
  }

  /** @throws when a tag does not fit: nothing of that record has been handed over */
  feed (chunk: Buffer): void {
    let data = chunk
    while (data.byteLength > 0) {
      if (this.#decipher === undefined) {
        data = this.#collect(data, LENGTH_BYTES)
        if (this.#have < LENGTH_BYTES) return
        this.#left = this.#partial.readUInt16BE(0) - TAG_BYTES
        this.#decipher = this.#cipher.opening()
      } else if (this.#left > 0) {
        const piece = data.subarray(0, this.#left)
        this.#plain.push(this.#decipher.update(piece))
        this.#left -= piece.byteLength
        data = data.subarray(piece.byteLength)
      } else {
        data = this.#collect(data, PARTIAL_BYTES)
        if (this.#have < PARTIAL_BYTES) return
        this.#decipher.setAuthTag(this.#partial.subarray(LENGTH_BYTES))
        this.#decipher.final()
        this.#decipher = undefined
        this.#have = 0
        for (const plain of this.#plain.splice(0)) this.#take(plain)
      }
    }
  }

  #collect (data: Buffer, until: number): Buffer {
    const part = data.subarray(0, until - this.#have)
    this.#partial.set(part, this.#have)
    this.#have += part.byteLength
    return data.subarray(part.byteLength)
  }
}
