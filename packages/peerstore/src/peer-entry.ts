import type { PublicKey } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { PeerRef, ProtocolID } from '@weir/network'
import { isPinned } from './addr-ttl.ts'
import { type HeapNode, heapNode } from './deadline-heap.ts'
import type { PeerstoreLimits } from './defaults.ts'

export interface AddrRecord {
  readonly addr: Multiaddr
  ttlMs: number
  /** On the monotonic clock, or a pinned value. */
  endMs: number
}

/**
 * All that is known of one peer. The books write it; `PeerTable` keeps it in order and calls `measure` after each change.
 *
 * What is no address is a *fact*. Facts have one time together: it begins anew whenever one is written, and they outlive it as
 * long as there is an address.
 */
export class PeerEntry {
  readonly peer: PeerRef
  /** In the order of their coming. Keyed by their text. */
  readonly addrs: Map<string, AddrRecord> = new Map()
  publicKey: PublicKey | undefined
  protocols: Set<ProtocolID> | undefined
  metadata: Map<string, unknown> | undefined
  latencyMs: number | undefined
  factsEndMs: number = -Infinity

  // As last measured.
  /** When the whole entry is over. */
  endMs: number = -Infinity
  /** When the first of its addresses is over. */
  nextAddrMs: number = Infinity
  numAddrs = 0
  /** Those of the addresses that are not pinned. */
  numUnconnectedAddrs = 0

  // Its places in the heaps of the table.
  readonly end: HeapNode<PeerEntry> = heapNode(this)
  readonly nextAddr: HeapNode<PeerEntry> = heapNode(this)

  constructor (peer: PeerRef) {
    this.peer = peer
  }

  get hasFacts (): boolean {
    return this.publicKey !== undefined || this.latencyMs !== undefined || this.protocols !== undefined || this.metadata !== undefined
  }

  get isEmpty (): boolean {
    return this.addrs.size === 0 && !this.hasFacts
  }

  clearFacts (): void {
    this.publicKey = undefined
    this.protocols = undefined
    this.metadata = undefined
    this.latencyMs = undefined
  }

  /**
   * Drops what is over and what is too much, and counts the rest.
   *
   * @returns how many addresses were dropped because they were too many: those whose time is over first, of equals the newest
   */
  measure (nowMs: number, limits: PeerstoreLimits): number {
    let pinned = 0
    for (const [text, { endMs }] of this.addrs) {
      if (endMs <= nowMs) this.addrs.delete(text)
      else if (isPinned(endMs)) pinned++
    }
    const surplus = this.addrs.size - (pinned > 0 ? limits.maxConnectedAddrsPerPeer : limits.maxAddrsPerPeer)
    if (surplus > 0) this.#dropFirstToEnd(surplus)
    this.#count()
    if (this.endMs <= nowMs) this.clearFacts()
    return Math.max(surplus, 0)
  }

  /** Drops the address whose time is over first, of equals the newest. */
  dropNextAddr (): void {
    let next: string | undefined
    let nextMs = Infinity
    for (const [text, { endMs }] of this.addrs) {
      if (endMs <= nextMs) {
        next = text
        nextMs = endMs
      }
    }
    if (next !== undefined) this.addrs.delete(next)
  }

  #dropFirstToEnd (count: number): void {
    const byEnd = [...this.addrs].reverse().sort(([, a], [, b]) => a.endMs - b.endMs)
    for (const [text] of byEnd.slice(0, count)) this.addrs.delete(text)
  }

  #count (): void {
    let endMs = this.hasFacts ? this.factsEndMs : -Infinity
    let nextMs = Infinity
    let unconnected = 0
    for (const record of this.addrs.values()) {
      endMs = Math.max(endMs, record.endMs)
      nextMs = Math.min(nextMs, record.endMs)
      if (!isPinned(record.endMs)) unconnected++
    }
    this.endMs = endMs
    this.nextAddrMs = nextMs
    this.numAddrs = this.addrs.size
    this.numUnconnectedAddrs = unconnected
  }
}
