import type { Conn, PeerRef } from '@weir/network'
import type { DecayingValue } from './decayer.ts'
import { ListNode } from './linked-list.ts'

// A peer, its connections and its decaying values name each other, so the three stand in one file.

/** A connection, as the manager keeps it. Stands in the list of its group while it is inbound and open. */
export class ConnEntry extends ListNode<ConnEntry> {
  readonly conn: Conn
  readonly peer: PeerEntry
  /** The part of the net that it leads to. */
  readonly group: string
  readonly inbound: boolean
  /** Wall clock, of the connection's own opening. */
  readonly openedMs: number
  /** Monotonic clock, when the manager heard of it. */
  readonly connectedMs: number
  /** Whether it takes one of the places of inbound peers whom nobody vouches for. */
  takesPlace = false

  constructor (conn: Conn, peer: PeerEntry, group: string, connectedMs: number) {
    super()
    const { direction, openedMs } = conn.stat()
    this.conn = conn
    this.peer = peer
    this.group = group
    this.inbound = direction === 'inbound'
    this.openedMs = openedMs
    this.connectedMs = connectedMs
  }
}

/** A decaying value. Stands in the list of its tag. */
export class DecayingEntry extends ListNode<DecayingEntry> implements DecayingValue {
  readonly tag: string
  readonly peer: PeerRef
  /** Who has it; `undefined` before and afterwards. */
  holder: PeerEntry | undefined
  readonly addedMs: number
  lastVisitMs: number
  lastBumpMs: number
  value = 0
  /** The last pass of its tag that it needs no visit of. */
  pass: number

  constructor (tag: string, peer: PeerRef, nowMs: number, pass: number) {
    super()
    this.tag = tag
    this.peer = peer
    this.addedMs = this.lastVisitMs = this.lastBumpMs = nowMs
    this.pass = pass
  }
}

/**
 * What is known of one peer: its tags, their sum, and its connections. Without a connection it is temporary, and stands in the
 * list of those.
 */
export class PeerEntry extends ListNode<PeerEntry> {
  readonly peer: PeerRef
  readonly key: string
  readonly tags: Map<string, number> = new Map()
  /** Oldest first. Few: an array is smaller and faster than a map here. */
  readonly conns: ConnEntry[] = []
  /** By whoever keeps the tag; made when the first one comes. */
  decaying: Map<object, DecayingEntry> | undefined
  /** Whether it is spared for being protected; kept by `Protections`. */
  isProtected = false
  /** The sum of all tags, the decaying ones included. */
  value = 0
  /** Wall clock. */
  firstSeenMs: number
  /** Monotonic clock, for the period of grace. */
  seenAtMs: number
  /** Monotonic clock, of the last tag: the time of a temporary entry begins here. */
  touchedMs: number

  constructor (peer: PeerRef, key: string, wallMs: number, nowMs: number) {
    super()
    this.peer = peer
    this.key = key
    this.firstSeenMs = wallMs
    this.seenAtMs = this.touchedMs = nowMs
  }

  get isTemporary (): boolean {
    return this.conns.length === 0
  }

  get numTags (): number {
    return this.tags.size + (this.decaying?.size ?? 0)
  }

  setTag (tag: string, value: number): void {
    this.value += value - (this.tags.get(tag) ?? 0)
    this.tags.set(tag, value)
  }

  deleteTag (tag: string): void {
    this.value -= this.tags.get(tag) ?? 0
    this.tags.delete(tag)
  }

  conn (id: string): ConnEntry | undefined {
    return this.conns.find(({ conn }) => conn.id === id)
  }

  /** How many have not ended by themselves. */
  get numOpen (): number {
    let count = 0
    for (const { conn } of this.conns) if (!conn.isClosed()) count++
    return count
  }

  /** Whether any of the open ones came in. */
  get isInbound (): boolean {
    return this.conns.some(({ conn, inbound }) => inbound && !conn.isClosed())
  }

  /** The part of the net that its oldest connection leads to. */
  get group (): string {
    return this.conns[0]?.group ?? ''
  }

  /** Those that have not ended by themselves: a copy. */
  openConns (): ConnEntry[] {
    const open: ConnEntry[] = []
    for (const entry of this.conns) if (!entry.conn.isClosed()) open.push(entry)
    return open
  }
}
