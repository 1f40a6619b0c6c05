/** A first-in, first-out queue of byte chunks that knows how many bytes it holds. Whoever fills it bounds it. */
export class ChunkQueue<T extends { readonly byteLength: number }> {
  #chunks: (T | undefined)[] = [] // from `#first` on; what was taken is let go of
  #first = 0
  #bytes = 0

  get bytes (): number {
    return this.#bytes
  }

  get length (): number {
    return this.#chunks.length - this.#first
  }

  push (chunk: T): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.byteLength
  }

  shift (): T | undefined {
    const chunk = this.#chunks[this.#first]
    if (chunk === undefined) return undefined
    this.#bytes -= chunk.byteLength
    this.#chunks[this.#first++] = undefined
    if (this.#first === this.#chunks.length) {
      this.#chunks = []
      this.#first = 0
    } else if (this.#first === 64) {
      this.#chunks = this.#chunks.slice(64) // moving the rest at every shift would be quadratic
      this.#first = 0
    }
    return chunk
  }

  /** Empties it. @returns what it held */
  clear (): T[] {
    const rest = this.#chunks.slice(this.#first) as T[]
    this.#chunks = []
    this.#first = 0
    this.#bytes = 0
    return rest
  }
}
