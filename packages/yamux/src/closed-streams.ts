import { MAX_CLOSED_STREAMS } from './defaults.ts'

interface ClosedStream {
  windowBytes: number
  unacknowledged: boolean
}

/**
 * Streams that were closed here while the remote may still send: what is left of their windows, which nobody grants again.
 *
 * A remote that has used up a window learns by a reset that nobody reads; it would wait for ever. So does that of the
 * oldest stream when there are too many: closing costs neither timer nor memory that a remote could hold.
 */
export class ClosedStreams {
  readonly #streams = new Map<number, ClosedStream>() // maps keep their order
  readonly #reset: (streamId: number) => void
  readonly #onAcknowledged: () => void

  /**
   * @param reset - tells the remote that nobody reads
   * @param onAcknowledged - a stream that was not acknowledged is, or has ended
   */
  constructor (reset: (streamId: number) => void, onAcknowledged: () => void) {
    this.#reset = reset
    this.#onAcknowledged = onAcknowledged
  }

  get size (): number {
    return this.#streams.size
  }

  has (streamId: number): boolean {
    return this.#streams.has(streamId)
  }

  add (streamId: number, windowBytes: number, unacknowledged: boolean): void {
    this.#streams.set(streamId, { windowBytes, unacknowledged })
    if (windowBytes === 0) this.#drop(streamId)
    else if (this.#streams.size > MAX_CLOSED_STREAMS) this.#drop(this.#streams.keys().next().value as number)
  }

  /** What the remote may still send, `undefined` for a stream that is not known. */
  windowBytes (streamId: number): number | undefined {
    return this.#streams.get(streamId)?.windowBytes
  }

  /** Data of such a stream comes, no more than its window, and is dropped. */
  take (streamId: number, bytes: number): void {
    const stream = this.#streams.get(streamId)
    if (stream === undefined) return
    stream.windowBytes -= bytes
    if (stream.windowBytes === 0) this.#drop(streamId)
  }

  acknowledge (streamId: number): void {
    const stream = this.#streams.get(streamId)
    if (stream?.unacknowledged !== true) return
    stream.unacknowledged = false
    this.#onAcknowledged()
  }

  /** The remote has ended it too. */
  delete (streamId: number): void {
    this.acknowledge(streamId)
    this.#streams.delete(streamId)
  }

  #drop (streamId: number): void {
    this.delete(streamId)
    this.#reset(streamId)
  }
}
