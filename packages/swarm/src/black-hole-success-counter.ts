import { BLACK_HOLE_DEFAULTS } from './defaults.ts'

/** `probing`: not enough is known. `blocked`: too few of the last dials succeeded. */
export type BlackHoleState = 'probing' | 'allowed' | 'blocked'

/**
 * The last results of dials of one kind, and whether that kind is worth a dial.
 *
 * @see reference/go-libp2p.md 5.4
 */
export class BlackHoleSuccessCounter {
  readonly #window: number
  readonly #minSuccesses: number
  #results: boolean[] = []
  #successes = 0
  #requests = 0

  constructor ({ window = BLACK_HOLE_DEFAULTS.window, minSuccesses = BLACK_HOLE_DEFAULTS.minSuccesses }: { readonly window?: number, readonly minSuccesses?: number } = {}) {
    this.#window = window
    this.#minSuccesses = minSuccesses
  }

  get state (): BlackHoleState {
    if (this.#results.length < this.#window) return 'probing'
    return this.#successes >= this.#minSuccesses ? 'allowed' : 'blocked'
  }

  /** The share of the last dials that succeeded; 0 when there was none. */
  get successRatio (): number {
    return this.#results.length === 0 ? 0 : this.#successes / this.#results.length
  }

  /** Asks for one peer: blocked, every so many requests one may try all the same. */
  handleRequest (): BlackHoleState {
    this.#requests++
    const { state } = this
    return state === 'blocked' && this.#requests % this.#window === 0 ? 'probing' : state
  }

  record (success: boolean): void {
    // A kind is blocked as a whole or not at all: one success is proof that it no longer is.
    if (success && this.state === 'blocked') {
      this.#results = []
      this.#successes = 0
      this.#requests = 0
      return
    }
    this.#results.push(success)
    if (success) this.#successes++
    if (this.#results.length > this.#window && this.#results.shift() === true) this.#successes--
  }
}
