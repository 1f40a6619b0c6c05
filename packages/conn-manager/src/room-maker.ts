import { type Clock, type ConnMultiaddrs, ConnErrorCode, type ResourceLimitExceededError } from '@weir/network'
import { endConn } from './conn-closer.ts'
import { MAKE_ROOM_DEFAULTS } from './defaults.ts'
import type { ExpectedGuests } from './expected-guests.ts'
import type { GroupTable } from './group-table.ts'
import type { ConnEntry, PeerEntry } from './peer-entry.ts'

export interface RoomMakerInit {
  readonly clock: Clock
  readonly groups: GroupTable
  readonly expected: ExpectedGuests
  readonly gracePeriodMs: number
  readonly groupOf: (conn: ConnMultiaddrs) => string
  /** Whether it is trusted or protected. */
  readonly isSpared: (entry: PeerEntry) => boolean
}

/**
 * Ends a connection so that a newcomer can be admitted, of whom nothing is known but where it comes from.
 *
 * The rule: the places are to be divided evenly among the parts of the net. A newcomer takes the place of somebody from a part
 * with at least two inbound connections more than its own has, from the one with the most, and there of the one that is worth least. If
 * they are all in grace it has to wait. Only where there is no such part it takes, one for one, the place of somebody from a part
 * with one more or from its own, whose value is not positive. Nobody who is trusted, protected, in grace or outbound is ended.
 *
 * So whoever connects again and again from a few parts of the net can displace nobody but their own.
 */
export class RoomMaker {
  readonly #init: RoomMakerInit
  #numMade = 0
  #numRefused = 0

  constructor (init: RoomMakerInit) {
    this.#init = init
  }

  /** Connections that were ended for a newcomer. */
  get numMade (): number {
    return this.#numMade
  }

  /** Newcomers for whom there was nobody to end. */
  get numRefused (): number {
    return this.#numRefused
  }

  /** @returns whether there is room now */
  makeRoom (refusal: ResourceLimitExceededError, newcomer: ConnMultiaddrs | undefined): boolean {
    if (!canHelp(refusal)) return false
    const { expected, groupOf } = this.#init
    const group = newcomer === undefined ? undefined : groupOf(newcomer)
    const made = expected.hasRoom() && this.#end(this.#victim(group, expected.of(group), undefined))
    if (made) expected.add(group)
    else this.#numRefused++
    return made
  }

  /** Ends another for the sake of one that is connected already, or that one when there is no other. */
  makeRoomFor (newcomer: ConnEntry): void {
    if (this.#end(this.#victim(newcomer.group, -1, newcomer))) return
    this.#numRefused++
    void endConn(newcomer.conn, ConnErrorCode.resourceLimitExceeded)
  }

  #end (victim: ConnEntry | undefined): boolean {
    if (victim === undefined) return false
    void endConn(victim.conn, ConnErrorCode.garbageCollected)
    this.#numMade++
    return victim.conn.isClosed()
  }

  /** @param more - those who are to be counted to the newcomer's group besides those who stand in it */
  #victim (group: string | undefined, more: number, newcomer: ConnEntry | undefined): ConnEntry | undefined {
    const { groups } = this.#init
    const own = group === undefined ? undefined : groups.get(group)
    const ownSize = (own?.size ?? 0) + more
    const search = new Search(this.#init, newcomer)
    for (let size = groups.largestSize; size >= ownSize + 2 && search.worst === undefined; size--) {
      for (const { conns } of groups.ofSize(size)) search.visit(conns, false)
    }
    if (search.worst !== undefined || search.isBlocked) return search.worst
    for (const { conns } of groups.ofSize(ownSize + 1)) search.visit(conns, true)
    if (search.worst === undefined && own !== undefined) search.visit(own.conns, true)
    return search.worst
  }
}

/** One look for whom to end, which visits a bounded number. */
class Search {
  worst: ConnEntry | undefined
  /** Whether there is somebody who might be ended later. */
  isBlocked = false
  #visitsLeft: number = MAKE_ROOM_DEFAULTS.maxVisits
  readonly #init: RoomMakerInit
  readonly #newcomer: ConnEntry | undefined
  readonly #graceEndMs: number

  constructor (init: RoomMakerInit, newcomer: ConnEntry | undefined) {
    this.#init = init
    this.#newcomer = newcomer
    this.#graceEndMs = init.clock.monotonicMs() - init.gracePeriodMs
  }

  /** @param sparesValue - whether those of positive value are left alone */
  visit (oldestFirst: Iterable<ConnEntry>, sparesValue: boolean): void {
    for (const conn of oldestFirst) {
      if (this.#visitsLeft-- <= 0 || conn.connectedMs > this.#graceEndMs) { // the others are younger still
        this.isBlocked = true
        return
      }
      if (conn === this.#newcomer || conn.conn.isClosed() || (sparesValue && conn.peer.value > 0) || this.#init.isSpared(conn.peer)) continue
      if (this.worst === undefined || isWorse(conn, this.worst)) this.worst = conn
    }
  }
}

// As in a trim, for one connection: value, idle, fewer streams, younger.
function isWorse (a: ConnEntry, b: ConnEntry): boolean {
  if (a.peer.value !== b.peer.value) return a.peer.value < b.peer.value
  const [aStreams, bStreams] = [a.conn.stat().numStreams, b.conn.stat().numStreams]
  return aStreams === bStreams ? a.connectedMs >= b.connectedMs : aStreams < bStreams
}

/** Whether a connection less would make the refused one possible: only where all connections are counted together. */
function canHelp (refusal: ResourceLimitExceededError): boolean {
  if (refusal.where !== 'local' || refusal.scope.kind !== 'system') return false
  return (refusal.resource === 'connection' && refusal.direction !== 'outbound') || refusal.resource === 'fd'
}
