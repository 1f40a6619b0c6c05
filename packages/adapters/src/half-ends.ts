import type { MuxedStream } from '@weir/network'

/** Counts the halves of a stream that have ended, and closes it with the second: a stream that nobody closes keeps its scope. */
export class HalfEnds {
  readonly #stream: MuxedStream
  #open = 2

  constructor (stream: MuxedStream) {
    this.#stream = stream
  }

  get both (): boolean {
    return this.#open === 0
  }

  /** One half has ended. Call it once for each. */
  async ended (): Promise<void> {
    this.#open--
    if (this.both) await this.#stream.close()
  }
}
