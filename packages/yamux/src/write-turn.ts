import { MAX_WRITE_TURN_BYTES, WRITE_TURN_BYTES, WRITE_TURN_MS } from './defaults.ts'

export interface WriteTurnInit {
  /** Reserves so many bytes, or says no. */
  readonly mayGrow: (bytes: number) => boolean
  readonly release: (bytes: number) => void
}

/**
 * How much goes to the layer below at once: about what that takes in ten milliseconds, so that a fast connection is not
 * asked a hundred times where ten would do, and a slow one does not hold much that nobody reads.
 *
 * What is above the least, `WRITE_TURN_BYTES`, is reserved while the layer below has it.
 */
export class WriteTurn {
  readonly #init: WriteTurnInit
  #goalBytes = WRITE_TURN_BYTES
  #reservedBytes = 0

  constructor (init: WriteTurnInit) {
    this.#init = init
  }

  /** Whether a write of so many bytes may become larger. */
  hasRoom (bytes: number): boolean {
    if (this.roomBytes(bytes) > 0) return true
    const moreBytes = this.#goalBytes - WRITE_TURN_BYTES
    if (moreBytes === 0 || this.#reservedBytes > 0 || !this.#init.mayGrow(moreBytes)) return false
    this.#reservedBytes = moreBytes
    return true
  }

  /** What a write of so many bytes may still take without growing; 0 or less when it is full. */
  roomBytes (bytes: number): number {
    return WRITE_TURN_BYTES + this.#reservedBytes - bytes
  }

  /** The layer below has taken a write. */
  taken (bytes: number, withinMs: number): void {
    if (this.#reservedBytes > 0) {
      this.#init.release(this.#reservedBytes)
      this.#reservedBytes = 0
    }
    if (withinMs > WRITE_TURN_MS) this.#goalBytes = Math.max(this.#goalBytes / 2, WRITE_TURN_BYTES)
    else if (bytes >= this.#goalBytes) this.#goalBytes = Math.min(this.#goalBytes * 2, MAX_WRITE_TURN_BYTES)
  }
}
