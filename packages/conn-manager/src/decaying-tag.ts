import type { Clock, PeerRef } from '@weir/network'
import type { DecayingTag, DecayingTagInit } from './decayer.ts'
import { MAX_TAG_VALUE } from './defaults.ts'
import { DecayingTagClosedError } from './errors.ts'
import { LinkedList } from './linked-list.ts'
import { DecayingEntry, type PeerEntry } from './peer-entry.ts'
import type { PeerTable } from './peer-table.ts'

export interface TagParts {
  readonly clock: Clock
  readonly table: PeerTable
  readonly onError: (error: unknown) => void
  /** The tag was closed: what it holds is to be taken by `visit`. */
  readonly onClosed: (tag: RegisteredTag) => void
}

/**
 * A decaying tag and its values, in the order of their last visit.
 *
 * A pass visits each value once. It may be spread over many turns: values that come meanwhile have been visited, as it were.
 */
export class RegisteredTag implements DecayingTag {
  readonly name: string
  readonly intervalMs: number
  /** When the next pass is due. */
  nextTickMs: number
  readonly #init: DecayingTagInit
  readonly #parts: TagParts
  readonly #values = new LinkedList<DecayingEntry>()
  #pass = 0
  #isClosed = false

  constructor (name: string, intervalMs: number, nextTickMs: number, init: DecayingTagInit, parts: TagParts) {
    this.name = name
    this.intervalMs = intervalMs
    this.nextTickMs = nextTickMs
    this.#init = init
    this.#parts = parts
  }

  bump (peer: PeerRef, delta: number): void {
    this.#assertOpen()
    const nowMs = this.#parts.clock.monotonicMs()
    const known = this.#valueOf(peer)
    const bumped = checked(this.name, this.#init.bump(known ?? new DecayingEntry(this.name, peer, nowMs, this.#pass), delta))
    this.#assertOpen() // the function is the caller's: it may have called back
    const entry = this.#parts.table.entryToTag(peer, each => each.decaying?.has(this) === true)
    if (entry === undefined) return
    const value = entry.decaying?.get(this) ?? this.#give(entry, nowMs)
    set(value, bumped)
    value.lastVisitMs = value.lastBumpMs = nowMs
  }

  remove (peer: PeerRef): void {
    this.#assertOpen()
    const value = this.#valueOf(peer)
    if (value !== undefined) this.#take(value)
  }

  close (): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#parts.onClosed(this)
  }

  [Symbol.dispose] (): void {
    this.close()
  }

  /** Begins a pass over all values there are now. */
  beginPass (): void {
    this.#pass++
  }

  /** Goes on with the pass, for at most `count` values. @returns how many it did not use; with 0 there may be more to visit */
  visit (count: number, nowMs: number): number {
    for (; count > 0; count--) {
      const { first } = this.#values
      if (first === undefined || (!this.#isClosed && first.pass === this.#pass)) return count
      if (this.#isClosed) this.#take(first)
      else this.#decay(first, nowMs)
    }
    return 0
  }

  #decay (value: DecayingEntry, nowMs: number): void {
    value.pass = this.#pass
    this.#values.append(value)
    let after: number | undefined
    try {
      const decayed = this.#init.decay(value, nowMs)
      after = decayed === undefined ? undefined : checked(this.name, decayed)
    } catch (error) {
      this.#parts.onError(error) // a value that cannot decay would stay for good: it goes
    }
    if (value.list === undefined) return // the function took it away by itself
    value.lastVisitMs = nowMs
    if (after === undefined) this.#take(value)
    else set(value, after)
  }

  #valueOf (peer: PeerRef): DecayingEntry | undefined {
    return this.#parts.table.find(peer.toString())?.decaying?.get(this)
  }

  #give (entry: PeerEntry, nowMs: number): DecayingEntry {
    const value = new DecayingEntry(this.name, entry.peer, nowMs, this.#pass)
    value.holder = entry
    entry.decaying ??= new Map()
    entry.decaying.set(this, value)
    this.#values.append(value)
    return value
  }

  #take (value: DecayingEntry): void {
    const { holder } = value
    set(value, 0)
    this.#values.delete(value)
    value.holder = undefined
    if (holder === undefined) return
    holder.decaying?.delete(this)
    this.#parts.table.settle(holder)
  }

  #assertOpen (): void {
    if (this.#isClosed) throw new DecayingTagClosedError(this.name)
  }
}

function set (value: DecayingEntry, to: number): void {
  if (value.holder !== undefined) value.holder.value += to - value.value
  value.value = to
}

function checked (tag: string, value: number): number {
  if (!Number.isFinite(value) || Math.trunc(value) !== value) throw new RangeError(`a value of the decaying tag ${tag} must be a whole number, got ${value}`)
  return Math.max(-MAX_TAG_VALUE, Math.min(MAX_TAG_VALUE, value))
}

