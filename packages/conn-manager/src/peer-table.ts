import type { Clock, Conn, PeerRef } from '@weir/network'
import type { ConnManagerLimits } from './defaults.ts'
import { LinkedList } from './linked-list.ts'
import { ConnEntry, PeerEntry } from './peer-entry.ts'
import { SegmentedMap } from './segmented-map.ts'

export interface PeerTableInit {
  readonly clock: Clock
  readonly limits: ConnManagerLimits
  readonly groupOf: (conn: Conn) => string
  /** There is a temporary entry, whose time will be over. */
  readonly onTemporary: () => void
}

/**
 * What is known of peers. A peer is kept while it is connected; one that has tags only is temporary: its time ends
 * `tempPeerTtlMs` after its last tag, and when there are too many of them, the one that was tagged longest ago is forgotten.
 */
export class PeerTable {
  readonly #init: PeerTableInit
  readonly #entries = new SegmentedMap<PeerEntry>()
  readonly #temporary = new LinkedList<PeerEntry>()
  #numConns = 0
  #evictedTempPeers = 0
  #ignoredTags = 0

  constructor (init: PeerTableInit) {
    this.#init = init
  }

  /** Including those that have ended by themselves and were not reported yet. */
  get numConns (): number {
    return this.#numConns
  }

  get numConnectedPeers (): number {
    return this.#entries.size - this.#temporary.size
  }

  get numTempPeers (): number {
    return this.#temporary.size
  }

  /** Temporary entries that were forgotten because there were too many. */
  get evictedTempPeers (): number {
    return this.#evictedTempPeers
  }

  /** Tags that were not taken because the peer had too many. */
  get ignoredTags (): number {
    return this.#ignoredTags
  }

  find (key: string): PeerEntry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || !this.#isOver(entry)) return entry
    this.forget(entry)
    return undefined
  }

  /** All, in no promised order. */
  visit (onEntry: (entry: PeerEntry) => void): void {
    this.#entries.visit(onEntry)
  }

  /**
   * The entry of a peer that is about to get a tag. A peer that nobody knows becomes temporary. To be called when nothing can
   * fail any more.
   *
   * @param has - whether the peer has this tag already
   * @returns `undefined` when it is a new tag and the peer has too many
   */
  entryToTag (peer: PeerRef, has: (entry: PeerEntry) => boolean): PeerEntry | undefined {
    const key = peer.toString()
    const entry = this.find(key) ?? this.#entry(peer, key)
    if (!has(entry) && entry.numTags >= this.#init.limits.maxTagsPerPeer) {
      this.#ignoredTags++
      return undefined
    }
    if (entry.isTemporary) this.#touch(entry)
    return entry
  }

  /** Forgets a temporary entry that has no tag any more. To be called after tags were taken. */
  settle (entry: PeerEntry): void {
    if (entry.isTemporary && entry.numTags === 0) this.forget(entry)
  }

  /** @returns the new connection; `undefined` when it is there already */
  connect (conn: Conn): ConnEntry | undefined {
    const { clock, groupOf } = this.#init
    const key = conn.remotePeer.toString()
    const entry = this.find(key) ?? this.#entry(conn.remotePeer, key)
    if (entry.conn(conn.id) !== undefined) return undefined
    const nowMs = clock.monotonicMs()
    const connEntry = new ConnEntry(conn, entry, groupOf(conn), nowMs)
    if (entry.isTemporary) {
      entry.firstSeenMs = clock.wallMs()
      entry.seenAtMs = nowMs
      this.#temporary.delete(entry)
      this.#entries.set(key, entry)
    }
    entry.conns.push(connEntry)
    this.#numConns++
    return connEntry
  }

  /** With its last connection a peer is forgotten. @returns the connection that has gone; `undefined` when nobody knew it */
  disconnect (conn: Conn): ConnEntry | undefined {
    const entry = this.#entries.get(conn.remotePeer.toString())
    const connEntry = entry?.conn(conn.id)
    if (entry === undefined || connEntry === undefined) return undefined
    entry.conns.splice(entry.conns.indexOf(connEntry), 1)
    this.#numConns--
    if (entry.isTemporary) this.forget(entry)
    return connEntry
  }

  forget (entry: PeerEntry): void {
    this.#temporary.delete(entry)
    this.#entries.delete(entry.key)
    for (const value of entry.decaying?.values() ?? []) {
      value.list?.delete(value)
      value.holder = undefined
    }
    entry.decaying = undefined
  }

  /** Forgets temporary entries whose time is over, at most `count`. @returns when the next one is over, on the monotonic clock; `undefined` when there is none */
  sweep (count: number): number | undefined {
    for (;;) {
      const { first } = this.#temporary
      if (first === undefined) return undefined
      if (count-- <= 0 || !this.#isOver(first)) return first.touchedMs + this.#init.limits.tempPeerTtlMs
      this.forget(first)
    }
  }

  /** Not in the table yet: that is for whoever gives it a tag or a connection. */
  #entry (peer: PeerRef, key: string): PeerEntry {
    return new PeerEntry(peer, key, this.#init.clock.wallMs(), this.#init.clock.monotonicMs())
  }

  #touch (entry: PeerEntry): void {
    entry.touchedMs = this.#init.clock.monotonicMs()
    this.#entries.set(entry.key, entry)
    this.#temporary.append(entry)
    const { first } = this.#temporary
    if (first !== undefined && this.#temporary.size > this.#init.limits.maxTempPeers) {
      this.#evictedTempPeers++
      this.forget(first)
    }
    this.#init.onTemporary()
  }

  #isOver (entry: PeerEntry): boolean {
    return entry.isTemporary && this.#init.clock.monotonicMs() - entry.touchedMs >= this.#init.limits.tempPeerTtlMs
  }
}
