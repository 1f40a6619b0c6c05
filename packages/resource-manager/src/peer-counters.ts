import type { Counter } from './counter.ts'

/** A count of one peer within something that many peers use. */
export interface CountWithin {
  /** The scope of the protocol or of the service. */
  readonly within: object
  readonly counter: Counter
}

// A peer uses a few protocols at a time: comparing so many is faster than hashing one.
const FEW = 8

/**
 * What one peer uses of protocols and services, each with its count. It lies with the peer, whose scope is at hand, and not in
 * a table of all peers for each protocol, which would have to be looked up far away.
 */
export class PeerCounters {
  #few: CountWithin[] = []
  // Instead of these once there are more, and for good: it goes with the peer's scope.
  #many: Map<object, CountWithin> | undefined

  of (within: object): CountWithin | undefined {
    if (this.#many !== undefined) return this.#many.get(within)
    for (const each of this.#few) if (each.within === within) return each
    return undefined
  }

  add (each: CountWithin): void {
    if (this.#many !== undefined) this.#many.set(each.within, each)
    else if (this.#few.push(each) > FEW) {
      this.#many = new Map(this.#few.map(known => [known.within, known]))
      this.#few = []
    }
  }

  remove (each: CountWithin): void {
    if (this.#many !== undefined) this.#many.delete(each.within)
    else this.#few.splice(this.#few.indexOf(each), 1)
  }
}
