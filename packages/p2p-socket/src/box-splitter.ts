import { InvalidIncomingCiphertextSizeError } from './errors.ts'
import { TAG_BYTES } from './p2p-crypto.ts'

const NOTHING: Uint8Array = new Uint8Array()

/**
 * Splits a stream of bytes, however it is cut, into the boxes of its chunks.
 *
 * A box that lies whole in what was pushed is a view of it; one that does not is put together in the splitter's own buffer, of at most
 * 64 KiB, which the next one is put together in as well.
 */
export class BoxSplitter {
  #bytes: Uint8Array = NOTHING
  #pos = 0
  #headerBytes = 0
  #length = 0
  #scratch: Uint8Array = NOTHING
  #box: Uint8Array | undefined // in the scratch
  #filled = 0
  #isLent = false

  /** Whether the last box lies in the splitter's own buffer, and is good until `next` or `push` only. */
  get isLent (): boolean {
    return this.#isLent
  }

  /** Adds bytes, which belong to the splitter from here on. All boxes before them must have been taken. */
  push (bytes: Uint8Array): void {
    this.#bytes = bytes
    this.#pos = 0
  }

  /** The next box that is complete. @throws {InvalidIncomingCiphertextSizeError} at a length that is shorter than a tag */
  next (): Uint8Array | undefined {
    const bytes = this.#bytes
    while (this.#headerBytes < 2) {
      if (this.#pos === bytes.length) return this.#rest()
      this.#length = this.#length << 8 | (bytes[this.#pos++] ?? 0)
      this.#headerBytes++
    }
    if (this.#length < TAG_BYTES) throw new InvalidIncomingCiphertextSizeError(this.#length)
    const left = bytes.length - this.#pos
    if (this.#box === undefined) {
      if (left >= this.#length) return this.#done(bytes.subarray(this.#pos, this.#pos + this.#length), this.#length, false)
      if (left === 0) return this.#rest()
      if (this.#scratch.length < this.#length) this.#scratch = Buffer.allocUnsafeSlow(this.#length)
      this.#box = this.#scratch.subarray(0, this.#length)
      this.#filled = 0
    }
    const taken = Math.min(left, this.#length - this.#filled)
    this.#box.set(bytes.subarray(this.#pos, this.#pos + taken), this.#filled)
    this.#filled += taken
    if (this.#filled === this.#length) return this.#done(this.#box, taken, true)
    return this.#rest()
  }

  // An idle connection holds none of what was read for it.
  #rest (): undefined {
    this.#bytes = NOTHING
    this.#pos = 0
    if (this.#box === undefined) this.#scratch = NOTHING
    return undefined
  }

  #done (box: Uint8Array, taken: number, isLent: boolean): Uint8Array {
    this.#pos += taken
    this.#headerBytes = 0
    this.#length = 0
    this.#box = undefined
    this.#isLent = isLent
    return box
  }
}
