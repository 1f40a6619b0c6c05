import type { Counter } from './counter.ts'

/** A count of one peer within something that many peers use. */
export interface CountWithin extends Counter {
  /** The scope of the protocol or of the service. */
  readonly within: object
  /** The next one in the list of `PeerCounters`. */
  next: CountWithin | undefined
}

// A peer uses a few protocols at a time: comparing so many is faster than hashing one.
const FEW = 8

/**
 * What one peer uses of protocols and services, each with its count. It lies with the peer, whose scope is at hand, and not in
 * a table of all peers for each protocol, which would have to be looked up far away.
 */
export class PeerCounters {
  // A list through the counts themselves: an array, with many peers, would be one more thing to be fetched from far away.
  #first: CountWithin | undefined
  // Instead of it once there are more, and for good: it goes with the peer's scope.
  #many: Map<object, CountWithin> | undefined

  of (within: object): CountWithin | undefined {
    if (this.#many !== undefined) return this.#many.get(within)
    let each = this.#first
    while (each !== undefined && each.within !== within) each = each.next
    return each
  }

  add (added: CountWithin): void {
    if (this.#many === undefined) {
      added.next = this.#first
      this.#first = added
      this.#many = mapOfMany(added)
    } else this.#many.set(added.within, added)
  }

  remove (removed: CountWithin): void {
    if (this.#many !== undefined) this.#many.delete(removed.within)
    else if (this.#first === removed) this.#first = removed.next
    else for (let each = this.#first; each !== undefined; each = each.next) if (each.next === removed) each.next = removed.next
  }
}

/** @returns `undefined` as long as the list is short */
function mapOfMany (first: CountWithin): Map<object, CountWithin> | undefined {
  let length = 0
  for (let each: CountWithin | undefined = first; each !== undefined; each = each.next) length++
  if (length <= FEW) return undefined
  const map = new Map<object, CountWithin>()
  for (let each: CountWithin | undefined = first; each !== undefined; each = each.next) map.set(each.within, each)
  return map
}
