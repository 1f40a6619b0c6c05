import { Crowds } from './crowds.ts'
import type { PeerEntry } from './peer-entry.ts'
import { compareWorth, RankedPeer } from './ranked-peer.ts'

/**
 * Peers in the order in which a trim takes them, which is found as far as somebody asks for it: a trim closes few, and most are
 * kept for their value alone.
 */
export class CandidateOrder implements Iterable<RankedPeer> {
  readonly #forced: boolean
  readonly #ordered: RankedPeer[] = []
  /** Those not in order yet, by value. */
  readonly #left = new Map<number, PeerEntry[]>()
  /** The values of those, the lowest last; `undefined` until the first is asked for. */
  #values: number[] | undefined
  /** Of all who are better than those in order. */
  readonly #crowds = new Crowds()

  /** @param forced - whether more streams go first */
  constructor (forced: boolean) {
    this.#forced = forced
  }

  /** To be called before the first is asked for, as is `keepBefore`. @param numOpen - of its connections */
  add (entry: PeerEntry, numOpen: number): void {
    this.#crowds.count(entry.group, numOpen)
    const same = this.#left.get(entry.value)
    if (same === undefined) this.#left.set(entry.value, [entry])
    else same.push(entry)
  }

  /** It is kept before all candidates, who find its part of the net the more crowded. */
  keepBefore ({ group, numConns }: RankedPeer): void {
    this.#crowds.count(group, numConns)
  }

  * [Symbol.iterator] (): Generator<RankedPeer, void, undefined> {
    for (let i = 0; ; i++) {
      if (i === this.#ordered.length) this.#orderMore()
      const ranked = this.#ordered[i]
      if (ranked === undefined) return
      yield ranked
    }
  }

  #orderMore (): void {
    this.#values ??= [...this.#left.keys()].sort((a, b) => b - a)
    const value = this.#values.pop()
    if (value === undefined) return
    const same = this.#left.get(value)?.map(entry => new RankedPeer(entry, this.#forced)).sort(compareWorth) ?? []
    for (const { group, numConns } of same) this.#crowds.count(group, -numConns)
    // From the best to the worst: each finds those there that are kept before it.
    for (const ranked of same.toReversed()) ranked.crowding = this.#crowds.count(ranked.group, ranked.numConns) - 1
    for (const { group, numConns } of same) this.#crowds.count(group, -numConns)
    same.sort((a, b) => b.crowding - a.crowding) // stable: the rest of the order stays
    for (const ranked of same) this.#ordered.push(ranked)
  }
}
