/** Smaller pieces share a buffer, when there is more than one of them. */
const SMALL_BYTES = 2_048

const SLAB_BYTES = 4_096

/**
 * The unread bytes of one stream, first in first out. The window bounds them; this bounds what they cost.
 *
 * A piece is a view into what the layer below read, which may be much larger: a thousand pieces of one byte would keep a
 * thousand such buffers alive. So views are kept only while the buffers behind them are no larger than the window;
 * other pieces are copied, small ones together.
 */
export class ReceiveBuffer {
  #chunks: Uint8Array[] | undefined
  #first = 0
  #pinnedBytes = 0
  #slab: Uint8Array | undefined
  #start = 0 // of the unread bytes in the slab, which stand behind all chunks
  #end = 0

  get empty (): boolean {
    return this.#chunks === undefined && this.#start === this.#end
  }

  /** What the buffers behind the views hold. */
  get pinnedBytes (): number {
    return this.#pinnedBytes
  }

  /** @param maxPinnedBytes - how large the buffers behind the views may be in all */
  push (bytes: Uint8Array, maxPinnedBytes: number): void {
    const small = bytes.byteLength < SMALL_BYTES
    if (!small || this.empty) {
      this.#seal()
      const last = this.#chunks?.at(-1)
      const costBytes = last?.buffer === bytes.buffer ? 0 : bytes.buffer.byteLength
      if (this.#pinnedBytes + costBytes <= maxPinnedBytes) this.#keep(bytes, costBytes)
      else if (!small) this.#keep(bytes.slice(), bytes.byteLength)
      else this.#copy(bytes)
    } else {
      this.#copy(bytes)
    }
  }

  shift (): Uint8Array | undefined {
    const chunks = this.#chunks
    if (chunks === undefined) return this.#shiftSlab()
    const chunk = chunks[this.#first] as Uint8Array
    this.#first++
    const next = chunks[this.#first]
    if (next === undefined) {
      this.#chunks = undefined
      this.#first = 0
      this.#pinnedBytes = 0
    } else {
      if (next.buffer !== chunk.buffer) this.#pinnedBytes -= chunk.buffer.byteLength
      if (this.#first === 64) {
        chunks.splice(0, 64) // moving the rest at every shift would be quadratic
        this.#first = 0
      }
    }
    return chunk
  }

  clear (): void {
    this.#chunks = undefined
    this.#slab = undefined
    this.#first = this.#start = this.#end = this.#pinnedBytes = 0
  }

  #keep (chunk: Uint8Array, costBytes: number): void {
    this.#chunks ??= []
    this.#chunks.push(chunk)
    this.#pinnedBytes += costBytes
  }

  #copy (bytes: Uint8Array): void {
    if (this.#slab === undefined || this.#slab.byteLength - this.#end < bytes.byteLength) {
      this.#seal()
      this.#slab = new Uint8Array(SLAB_BYTES)
    }
    this.#slab.set(bytes, this.#end)
    this.#end += bytes.byteLength
  }

  /** Puts the slab behind the chunks, so that others may follow. */
  #seal (): void {
    if (this.#slab !== undefined && this.#end > this.#start) this.#keep(this.#slab.subarray(this.#start, this.#end), this.#slab.buffer.byteLength)
    this.#slab = undefined
    this.#start = this.#end = 0
  }

  #shiftSlab (): Uint8Array | undefined {
    if (this.#slab === undefined) return undefined
    const bytes = this.#slab.subarray(this.#start, this.#end)
    this.#slab = undefined
    this.#start = this.#end = 0
    return bytes
  }
}
