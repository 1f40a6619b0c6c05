import type { Wire } from './wire.ts'

/** Reads a wire in pieces of a length that is known. */
export class ByteReader {
  readonly #wire: Wire
  #rest: Uint8Array = new Uint8Array(0)

  constructor (wire: Wire) {
    this.#wire = wire
  }

  async exactly (bytes: number): Promise<Buffer> {
    const parts: Uint8Array[] = []
    let have = 0
    while (have < bytes) {
      const data = this.#rest.byteLength > 0 ? this.#rest : await this.#wire.read()
      if (data === undefined) throw new Error(`the stream ended after ${have} of ${bytes} bytes`)
      const taken = data.subarray(0, bytes - have)
      this.#rest = data.subarray(taken.byteLength)
      parts.push(taken)
      have += taken.byteLength
    }
    return Buffer.concat(parts)
  }

  /** Hands over everything up to the end of the stream. */
  async each (take: (data: Uint8Array) => void): Promise<void> {
    if (this.#rest.byteLength > 0) take(this.#rest)
    this.#rest = new Uint8Array(0)
    for (let data = await this.#wire.read(); data !== undefined; data = await this.#wire.read()) take(data)
  }
}
