/** Smaller pieces share a buffer, when there is more than one of them. */
const SMALL_BYTES = 2_048

const SLAB_BYTES = 4_096

/** What the buffers behind views may hold in all that is not unread bytes of this stream, once they are settled. */
const MAX_WASTE_BYTES = 16_384

/** A buffer that holds so much else is copied from before others are. */
const LARGE_WASTE_BYTES = 4_096

/** What a settled buffer holds beyond the unread bytes in it, at most. */
export const RECEIVE_OVERHEAD_BYTES: number = MAX_WASTE_BYTES + SLAB_BYTES

/**
 * The unread bytes of one stream, first in first out. The window bounds them; this bounds what they cost.
 *
 * A piece is a view into what the layer below read, which may be much larger: a thousand pieces of one byte would keep a
 * thousand such buffers alive. So small pieces are copied together, and `settle` copies others until little else is in
 * the buffers behind them. Whoever fills it calls that when the reader has had its turn: most read at once, and need no copy.
 */
export class ReceiveBuffer {
  #chunks: (Uint8Array | undefined)[] | undefined // from `#first` on; what was read is let go of
  #first = 0
  #settled = 0 // the chunks before this one were settled
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

  /** Whether there is something for `settle` to do. */
  get unsettled (): boolean {
    return this.#pinnedBytes - this.#chunkBytes > MAX_WASTE_BYTES
  }

  push (bytes: Uint8Array): void {
    if (bytes.byteLength < SMALL_BYTES && !this.empty) {
      this.#copy(bytes)
      return
    }
    this.#seal()
    this.#add(bytes)
  }

  shift (): Uint8Array | undefined {
    const chunks = this.#chunks
    if (chunks === undefined) return this.#shiftSlab()
    const chunk = chunks[this.#first] as Uint8Array
    chunks[this.#first++] = undefined
    const next = chunks[this.#first]
    if (next === undefined) {
      this.#forgetChunks()
    } else {
      this.#chunkBytes -= chunk.byteLength
      if (next.buffer !== chunk.buffer) this.#pinnedBytes -= chunk.buffer.byteLength
      if (this.#first === 64) {
        chunks.splice(0, 64) // moving the rest at every shift would be quadratic
        this.#first = 0
        this.#settled = Math.max(this.#settled - 64, 0)
      }
    }
    return chunk
  }

  /** Copies what lies in buffers that hold much else. */
  settle (): void {
    const chunks = this.#chunks ?? []
    for (const leastBytes of [LARGE_WASTE_BYTES, 1]) {
      if (this.unsettled) this.#unpin(chunks, this.#first, leastBytes) // a part of its buffer may have been read since
      for (let at = Math.max(this.#settled, this.#first); at < chunks.length && this.unsettled;) at = this.#unpin(chunks, at, leastBytes)
    }
    this.#settled = chunks.length
  }

  clear (): void {
    this.#forgetChunks()
    this.#slab = undefined
    this.#end = 0
  }

  #add (chunk: Uint8Array): void {
    this.#chunks ??= []
    if (this.#chunks.at(-1)?.buffer !== chunk.buffer) this.#pinnedBytes += chunk.buffer.byteLength
    this.#chunkBytes += chunk.byteLength
    this.#chunks.push(chunk)
  }

  /** Copies the chunks that lie in one buffer with this one, if that holds so much else. @returns where the next ones begin */
  #unpin (chunks: (Uint8Array | undefined)[], at: number, leastBytes: number): number {
    const { buffer } = chunks[at] as Uint8Array
    let from = at
    while (chunks[from - 1]?.buffer === buffer) from--
    let to = from
    let bytes = 0
    for (; chunks[to]?.buffer === buffer; to++) bytes += (chunks[to] as Uint8Array).byteLength
    if (buffer.byteLength - bytes < leastBytes) return to
    for (let i = from; i < to; i++) chunks[i] = new Uint8Array(chunks[i] as Uint8Array) // a Buffer's own slice is a view
    this.#pinnedBytes -= buffer.byteLength - bytes
    return to
  }

  #forgetChunks (): void {
    this.#chunks = undefined
    this.#first = this.#settled = this.#chunkBytes = this.#pinnedBytes = 0
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
    if (bytes !== undefined) this.#add(bytes)
  }

  #shiftSlab (): Uint8Array | undefined {
    const bytes = this.#slab?.subarray(0, this.#end)
    this.#slab = undefined
    this.#end = 0
    return bytes
  }
}
