/** Smaller pieces share a buffer, when there is more than one of them. */
const SMALL_BYTES = 2_048

const SLAB_BYTES = 4_096

/** What the buffers behind views may hold in all that is not unread bytes of this stream. */
const MAX_WASTE_BYTES = 16_384

/** What a buffer holds beyond the unread bytes in it, at most. */
export const RECEIVE_OVERHEAD_BYTES: number = MAX_WASTE_BYTES + SLAB_BYTES

/**
 * The unread bytes of one stream, first in first out. The window bounds them; this bounds what they cost.
 *
 * A piece is a view into what the layer below read, which may be much larger: a thousand pieces of one byte would keep a
 * thousand such buffers alive. So views are kept only while little else is in the buffers behind them; other pieces are
 * copied, small ones together.
 */
export class ReceiveBuffer {
  #chunks: (Uint8Array | undefined)[] | undefined // from `#first` on; what was read is let go of
  #first = 0
  #chunkBytes = 0
  #pinnedBytes = 0
  #slab: Uint8Array | undefined
  #end = 0 // of the unread bytes in the slab, which stand behind all chunks

  get empty (): boolean {
    return this.#chunks === undefined && this.#slab === undefined
  }

  /** What the buffers behind the unread bytes hold. */
  get pinnedBytes (): number {
    return this.#pinnedBytes + (this.#slab === undefined ? 0 : SLAB_BYTES)
  }

  push (bytes: Uint8Array): void {
    const small = bytes.byteLength < SMALL_BYTES
    if (small && !this.empty) {
      this.#copy(bytes)
      return
    }
    this.#seal()
    if (this.#mayKeep(bytes)) this.#add(bytes)
    else if (small) this.#copy(bytes)
    else this.#add(copyOf(bytes))
  }

  shift (): Uint8Array | undefined {
    const chunks = this.#chunks
    if (chunks === undefined) return this.#shiftSlab()
    const chunk = chunks[this.#first] as Uint8Array
    chunks[this.#first++] = undefined
    const next = chunks[this.#first]
    if (next === undefined) {
      this.#chunks = undefined
      this.#first = this.#chunkBytes = this.#pinnedBytes = 0
    } else {
      this.#chunkBytes -= chunk.byteLength
      if (next.buffer !== chunk.buffer) this.#pinnedBytes -= chunk.buffer.byteLength
      else if (this.#pinnedBytes - this.#chunkBytes > MAX_WASTE_BYTES) this.#unpin(chunk.buffer)
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
    this.#first = this.#end = this.#chunkBytes = this.#pinnedBytes = 0
  }

  /** Whether little else is in the buffer behind it. */
  #mayKeep (chunk: Uint8Array): boolean {
    return this.#pinnedBytes + this.#costBytes(chunk) - this.#chunkBytes - chunk.byteLength <= MAX_WASTE_BYTES
  }

  #costBytes (chunk: Uint8Array): number {
    return this.#chunks?.at(-1)?.buffer === chunk.buffer ? 0 : chunk.buffer.byteLength
  }

  #add (chunk: Uint8Array): void {
    this.#pinnedBytes += this.#costBytes(chunk)
    this.#chunkBytes += chunk.byteLength
    this.#chunks ??= []
    this.#chunks.push(chunk)
  }

  /** Copies what is left in a buffer whose first bytes were read. */
  #unpin (buffer: ArrayBufferLike): void {
    const chunks = this.#chunks ?? []
    this.#pinnedBytes -= buffer.byteLength
    for (let i = this.#first; chunks[i]?.buffer === buffer; i++) {
      const copy = copyOf(chunks[i] as Uint8Array)
      chunks[i] = copy
      this.#pinnedBytes += copy.byteLength
    }
  }

  #copy (bytes: Uint8Array): void {
    if (this.#slab !== undefined && SLAB_BYTES - this.#end < bytes.byteLength) this.#seal()
    this.#slab ??= new Uint8Array(SLAB_BYTES)
    this.#slab.set(bytes, this.#end)
    this.#end += bytes.byteLength
  }

  /** Puts the slab behind the chunks, so that others may follow. */
  #seal (): void {
    const bytes = this.#shiftSlab()
    if (bytes !== undefined) this.#add(this.#mayKeep(bytes) ? bytes : copyOf(bytes))
  }

  #shiftSlab (): Uint8Array | undefined {
    const bytes = this.#slab?.subarray(0, this.#end)
    this.#slab = undefined
    this.#end = 0
    return bytes
  }
}

/** In a buffer of its own: a Buffer's `slice` is a view. */
function copyOf (bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes)
}
