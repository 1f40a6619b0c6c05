import { YAMUX_INITIAL_WINDOW_BYTES } from '@weir/adapters'

/** Windows grow when half of one was used within so many round trips. */
const ROUND_TRIPS = 4

/**
 * What the remote may send on one stream. It is granted again what was read, and nothing that was not.
 *
 * `left` + what is on its way within a frame + what waits to be read + `due` is always `size`, which is what is reserved.
 */
export class ReceiveWindow {
  #sizeBytes = YAMUX_INITIAL_WINDOW_BYTES
  #leftBytes = YAMUX_INITIAL_WINDOW_BYTES
  #dueBytes = 0
  #epochMs: number

  /** @param nowMs - when the stream was opened */
  constructor (nowMs: number) {
    this.#epochMs = nowMs
  }

  get sizeBytes (): number {
    return this.#sizeBytes
  }

  /** What the remote may still send. */
  get leftBytes (): number {
    return this.#leftBytes
  }

  /** Whether a grant is worth a frame: half of the window was read since the last one, or it has become larger. */
  get grantDue (): boolean {
    return this.#dueBytes * 2 >= this.#sizeBytes
  }

  /** A frame of so many bytes has been announced, which must be no more than `leftBytes`. */
  take (bytes: number): void {
    this.#leftBytes -= bytes
  }

  /** So many bytes have been read. @returns whether a grant is due now */
  read (bytes: number): boolean {
    this.#dueBytes += bytes
    return this.grantDue
  }

  /** Grows by so many bytes, which the remote learns of with the next grant. They must have been reserved. */
  grow (bytes: number): void {
    this.#sizeBytes += bytes
    this.#dueBytes += bytes
  }

  /**
   * What the remote may be told to send on top, by now. A window that is used up quickly is doubled first.
   *
   * @param rttMs - 0 while it is not known
   * @param mayGrow - reserves so many bytes more, or says no
   */
  grant (nowMs: number, rttMs: number, maxBytes: number, mayGrow: (bytes: number) => boolean): number {
    if (rttMs > 0 && nowMs - this.#epochMs < ROUND_TRIPS * rttMs) {
      const more = Math.min(this.#sizeBytes, maxBytes - this.#sizeBytes)
      if (more > 0 && mayGrow(more)) this.grow(more)
    }
    const granted = this.#dueBytes
    this.#leftBytes += granted
    this.#dueBytes = 0
    this.#epochMs = nowMs
    return granted
  }
}
