import type { IpAddress, Random } from '@weir/network'
import { AddrShard, AUTOMATIC, EMPTY, MANUAL } from './addr-shard.ts'
import type { Entry } from './entry.ts'
import type { EntryMap } from './entry-map.ts'
import type { ReasonTable } from './reason-table.ts'

// The highest bits of the hash name the shard. So many that one of a million addresses grows in well under a millisecond.
const SHARD_BITS = 8
const MAPPED = 0xffff // the third word of version 4 in the form of version 6

/**
 * Entries by address: 32 bytes in a slot, and no more than two and two thirds slots to an entry.
 *
 * The hash begins with a number by chance, so that nobody can choose addresses that all meet in one place.
 */
export class AddrTable implements EntryMap<IpAddress> {
  readonly #shards: (AddrShard | undefined)[] = new Array<AddrShard | undefined>(1 << SHARD_BITS).fill(undefined)
  readonly #reasons: ReasonTable
  readonly #hash: (a: number, b: number, c: number, d: number) => number
  #size = 0

  constructor (reasons: ReasonTable, random: Random) {
    this.#reasons = reasons
    const seed = Math.floor(random() * 2 ** 32) | 0
    this.#hash = (a, b, c, d) => mix(mix(mix(mix(seed, a), b), c), d)
  }

  get size (): number {
    return this.#size
  }

  get (address: IpAddress): Entry | undefined {
    const { a, b, c, d } = inVersion6(address)
    const hash = this.#hash(a, b, c, d)
    const shard = this.#shards[hash >>> 32 - SHARD_BITS]
    const slot = shard?.find(hash, a, b, c, d) ?? -1
    return shard === undefined || slot === -1 ? undefined : this.#entry(shard, slot)
  }

  set (address: IpAddress, { kind, reason, untilMs }: Entry): void {
    const { a, b, c, d } = inVersion6(address)
    const hash = this.#hash(a, b, c, d)
    const index = hash >>> 32 - SHARD_BITS
    const shard = this.#shards[index] ?? new AddrShard()
    this.#shards[index] = shard
    let slot = shard.find(hash, a, b, c, d)
    const id = this.#reasons.take(reason)
    if (slot === -1) {
      slot = shard.insert(hash, a, b, c, d, this.#hash)
      this.#size++
    } else {
      this.#reasons.giveBack(shard.reason(slot))
    }
    shard.write(slot, kind === 'manual' ? MANUAL : AUTOMATIC, id, untilMs)
  }

  delete (address: IpAddress): boolean {
    const { a, b, c, d } = inVersion6(address)
    const hash = this.#hash(a, b, c, d)
    const shard = this.#shards[hash >>> 32 - SHARD_BITS]
    const slot = shard?.find(hash, a, b, c, d) ?? -1
    if (shard === undefined || slot === -1) return false
    this.#reasons.giveBack(shard.reason(slot))
    shard.remove(slot, this.#hash)
    this.#size--
    return true
  }

  * entries (): Generator<readonly [IpAddress, Entry]> {
    for (const shard of this.#shards) {
      if (shard === undefined) continue
      for (let slot = 0; slot < shard.slots; slot++) {
        if (shard.kind(slot) === EMPTY) continue
        yield [fromVersion6(shard.word(slot, 0), shard.word(slot, 1), shard.word(slot, 2), shard.word(slot, 3)), this.#entry(shard, slot)]
      }
    }
  }

  #entry (shard: AddrShard, slot: number): Entry {
    return { kind: shard.kind(slot) === MANUAL ? 'manual' : 'automatic', reason: this.#reasons.text(shard.reason(slot)), untilMs: shard.untilMs(slot) }
  }
}

function inVersion6 (address: IpAddress): { readonly a: number, readonly b: number, readonly c: number, readonly d: number } {
  return address.version === 6 ? address : { a: 0, b: 0, c: MAPPED, d: address.a }
}

function fromVersion6 (a: number, b: number, c: number, d: number): IpAddress {
  return a === 0 && b === 0 && c === MAPPED ? { version: 4, a: d, b: 0, c: 0, d: 0 } : { version: 6, a, b, c, d }
}

/** One step of a hash in which every bit of both numbers moves every bit of the result. */
function mix (hash: number, word: number): number {
  let h = Math.imul(hash ^ word, 0x85eb_ca6b)
  h = Math.imul(h ^ h >>> 13, 0xc2b2_ae35)
  return h ^ h >>> 16
}
