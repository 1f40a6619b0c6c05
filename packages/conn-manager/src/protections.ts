import type { PeerRef } from '@weir/network'
import { LinkedList, ListNode } from './linked-list.ts'
import type { PeerEntry } from './peer-entry.ts'
import { SegmentedMap } from './segmented-map.ts'

class Protection extends ListNode<Protection> {
  readonly tags: Set<string> = new Set()
  /** Of the peer, while it is connected. Either it is spared, or it waits in line. */
  entry: PeerEntry | undefined
}

export interface ProtectionsInit {
  /** Connected peers that are spared at most. */
  readonly maxInForce: number
  readonly maxPeers: number
  readonly maxTagsPerPeer: number
}

/**
 * Who is protected, connected or not.
 *
 * No more than `maxInForce` connected peers are spared for it: who was protected and connected first comes first, the others
 * wait in line. All are remembered.
 */
export class Protections {
  readonly #init: ProtectionsInit
  readonly #protections = new SegmentedMap<Protection>()
  readonly #waiting = new LinkedList<Protection>()
  #numInForce = 0
  #ignored = 0

  constructor (init: ProtectionsInit) {
    this.#init = init
  }

  /** Peers with a protection, connected or not. */
  get size (): number {
    return this.#protections.size
  }

  /** Connected peers that are spared. */
  get numInForce (): number {
    return this.#numInForce
  }

  /** Connected peers that would be spared if there were room. */
  get numWaiting (): number {
    return this.#waiting.size
  }

  /** Protections that were not taken because there were too many. */
  get ignored (): number {
    return this.#ignored
  }

  /** @param entry - of the peer, when it is connected */
  protect (peer: PeerRef, tag: string, entry: PeerEntry | undefined): void {
    const key = peer.toString()
    const protection = this.#protections.get(key) ?? new Protection()
    if (protection.tags.has(tag)) return
    if (protection.tags.size >= this.#init.maxTagsPerPeer || (protection.tags.size === 0 && this.#protections.size >= this.#init.maxPeers)) {
      this.#ignored++
      return
    }
    protection.tags.add(tag)
    if (protection.tags.size > 1) return
    this.#protections.set(key, protection)
    if (entry !== undefined) this.#connect(protection, entry)
  }

  /** @returns whether other protections remain */
  unprotect (peer: PeerRef, tag: string): boolean {
    const key = peer.toString()
    const protection = this.#protections.get(key)
    if (protection === undefined) return false
    protection.tags.delete(tag)
    if (protection.tags.size > 0) return true
    this.#protections.delete(key)
    this.#disconnect(protection)
    return false
  }

  isProtected (peer: PeerRef, tag?: string): boolean {
    const protection = this.#protections.get(peer.toString())
    return protection !== undefined && (tag === undefined || protection.tags.has(tag))
  }

  /** The peer has got its first connection. */
  connected (entry: PeerEntry): void {
    const protection = this.#protections.get(entry.key)
    if (protection !== undefined) this.#connect(protection, entry)
  }

  /** The peer has lost its last connection. */
  disconnected (entry: PeerEntry): void {
    const protection = this.#protections.get(entry.key)
    if (protection !== undefined) this.#disconnect(protection)
  }

  #connect (protection: Protection, entry: PeerEntry): void {
    protection.entry = entry
    this.#waiting.append(protection)
    this.#fill()
  }

  #disconnect (protection: Protection): void {
    const { entry } = protection
    protection.entry = undefined
    this.#waiting.delete(protection)
    if (entry?.isProtected !== true) return
    entry.isProtected = false
    this.#numInForce--
    this.#fill()
  }

  #fill (): void {
    const { first } = this.#waiting
    if (first?.entry === undefined || this.#numInForce >= this.#init.maxInForce) return
    this.#waiting.delete(first)
    first.entry.isProtected = true
    this.#numInForce++
  }
}
