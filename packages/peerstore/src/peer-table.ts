import type { Clock, PeerRef } from '@weir/network'
import { isPinned, unpinnedEnd } from './addr-ttl.ts'
import { DeadlineHeap } from './deadline-heap.ts'
import type { PeerstoreLimits } from './defaults.ts'
import { PeerEntry } from './peer-entry.ts'
import type { PeerstoreStat } from './peerstore-stat.ts'

/**
 * The entries of all peers, their times and the bounds over them.
 *
 * Nothing that is over is ever given out: an entry is put in order when it is read, and the sweep meets those that nobody reads.
 * When there are too many peers, the one whose time is over first is forgotten, be it the new one; when there are too many
 * unconnected addresses, the one whose time is over first. A pinned peer is never forgotten: when all are, a new one is not taken.
 */
export class PeerTable {
  readonly limits: PeerstoreLimits
  readonly #clock: Clock
  readonly #onTimed: () => void
  readonly #entries = new Map<string, PeerEntry>()
  /** Entries with an end. */
  readonly #ends = new DeadlineHeap<PeerEntry>()
  /** Entries with an address that is not pinned. */
  readonly #nextAddrs = new DeadlineHeap<PeerEntry>()
  #numAddrs = 0
  #numUnconnectedAddrs = 0
  #evictedPeers = 0
  #evictedAddrs = 0
  #ignored = 0

  /** @param onTimed - called after each change with which there is something that will be over */
  constructor (clock: Clock, limits: PeerstoreLimits, onTimed: () => void) {
    this.#clock = clock
    this.limits = limits
    this.#onTimed = onTimed
  }

  /** The entry of a peer of whom something is known. To be read only: change it with `update`. */
  find (peer: PeerRef): PeerEntry | undefined {
    const entry = this.#entries.get(peer.toString())
    return entry !== undefined && this.#isCurrent(entry, this.#clock.monotonicMs()) ? entry : undefined
  }

  /** All entries. To be read only. */
  * entries (): Generator<PeerEntry, void, undefined> {
    const nowMs = this.#clock.monotonicMs()
    for (const entry of this.#entries.values()) {
      if (this.#isCurrent(entry, nowMs)) yield entry
    }
  }

  /** Changes the entry of a peer, a new one when nothing is known of it. One that is empty afterwards is not kept. */
  update (peer: PeerRef, change: (entry: PeerEntry, nowMs: number) => void): void {
    const nowMs = this.#clock.monotonicMs()
    const entry = this.#entries.get(peer.toString()) ?? new PeerEntry(peer)
    this.#settle(entry, nowMs) // so that no change prolongs what is over
    change(entry, nowMs)
    this.#settle(entry, nowMs)
    this.#enforce(entry, nowMs)
    if (this.#hasTimed) this.#onTimed()
  }

  /** `update` for facts: begins their time anew. */
  updateFacts (peer: PeerRef, change: (entry: PeerEntry) => void): void {
    this.update(peer, (entry, nowMs) => {
      change(entry)
      entry.factsEndMs = unpinnedEnd(nowMs, this.limits.factsTtlMs)
    })
  }

  /** Notes that something was not taken because of a bound. */
  countIgnored (): void {
    this.#ignored++
  }

  /** Visits at most `batch` entries of which something is over. @returns what is left: something over, something timed, or neither */
  sweep (batch: number): 'due' | 'later' | 'done' {
    const nowMs = this.#clock.monotonicMs()
    for (;;) {
      const due = [this.#ends.top, this.#nextAddrs.top].find(node => node !== undefined && node.atMs <= nowMs)
      if (due === undefined) return this.#hasTimed ? 'later' : 'done'
      if (batch-- <= 0) return 'due'
      this.#settle(due.item, nowMs)
    }
  }

  stat (): PeerstoreStat {
    return {
      numPeers: this.#entries.size,
      numAddrs: this.#numAddrs,
      numUnconnectedAddrs: this.#numUnconnectedAddrs,
      evictedPeers: this.#evictedPeers,
      evictedAddrs: this.#evictedAddrs,
      ignored: this.#ignored
    }
  }

  get #hasTimed (): boolean {
    return this.#ends.top !== undefined || this.#nextAddrs.top !== undefined
  }

  #isCurrent (entry: PeerEntry, nowMs: number): boolean {
    if (entry.endMs <= nowMs || entry.nextAddrMs <= nowMs) this.#settle(entry, nowMs)
    return !entry.isEmpty
  }

  #settle (entry: PeerEntry, nowMs: number): void {
    const { numAddrs, numUnconnectedAddrs } = entry
    this.#evictedAddrs += entry.measure(nowMs, this.limits)
    this.#numAddrs += entry.numAddrs - numAddrs
    this.#numUnconnectedAddrs += entry.numUnconnectedAddrs - numUnconnectedAddrs
    if (entry.isEmpty) this.#entries.delete(entry.peer.toString())
    else this.#entries.set(entry.peer.toString(), entry)
    if (entry.isEmpty || isPinned(entry.endMs)) this.#ends.delete(entry.end)
    else this.#ends.set(entry.end, entry.endMs)
    if (entry.numUnconnectedAddrs === 0) this.#nextAddrs.delete(entry.nextAddr)
    else this.#nextAddrs.set(entry.nextAddr, entry.nextAddrMs)
  }

  #enforce (changed: PeerEntry, nowMs: number): void {
    while (this.#entries.size > this.limits.maxPeers) {
      this.#evictedPeers++
      this.#forget(this.#ends.top?.item ?? changed, nowMs)
    }
    while (this.#numUnconnectedAddrs > this.limits.maxUnconnectedAddrs) {
      const entry = this.#nextAddrs.top?.item
      if (entry === undefined) return
      this.#evictedAddrs++
      entry.dropNextAddr()
      this.#settle(entry, nowMs)
    }
  }

  #forget (entry: PeerEntry, nowMs: number): void {
    entry.addrs.clear()
    entry.clearFacts()
    this.#settle(entry, nowMs)
  }
}
