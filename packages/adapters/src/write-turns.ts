import type { MessageStream } from '@libp2p/interface'

/** A writer that waits for room below. */
export interface WaitingWriter {
  /** There is room now: write a piece, and wait again for the next. Must not throw. */
  proceed (): void
}

/**
 * Who may write next when a connection is congested: its streams in turn, a piece each.
 *
 * The muxers of js-libp2p wake all streams at once in the order of their opening, so that a stream with much to write
 * would starve the younger ones.
 */
export class WriteTurns {
  readonly #below: MessageStream
  #waiting = new Set<WaitingWriter>() // sets keep their order

  /** @param below - what all writers write to in the end; its 'drain' listeners of the muxer must be in place already */
  constructor (below: MessageStream) {
    this.#below = below
    below.addEventListener('drain', this.#onDrain)
  }

  /** Whether a writer has to `wait` before it writes. */
  get congested (): boolean {
    return this.#below.writableNeedsDrain
  }

  wait (writer: WaitingWriter): void {
    this.#waiting.add(writer)
  }

  forget (writer: WaitingWriter): void {
    this.#waiting.delete(writer)
  }

  readonly #onDrain = (): void => {
    for (const writer of this.#waiting) {
      if (this.#below.writableNeedsDrain) return
      this.#waiting.delete(writer)
      writer.proceed() // one that waits again stands at the end of the queue, and this loop comes to it last
    }
  }
}
