import type { Clock, PeerRef } from '@weir/network'
import type { DecayingTag, DecayingTagInit } from './decayer.ts'
import { MAX_TAG_VALUE } from './defaults.ts'
import { DecayingTagClosedError } from './errors.ts'
import { LinkedList } from './linked-list.ts'
import { DecayingEntry } from './peer-entry.ts'
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
    if (this.#isClosed) throw new DecayingTagClosedError(this.name)
    const nowMs = this.#parts.clock.monotonicMs()
    this.#parts.table.tag(peer, entry => entry.decaying?.has(this) === true, entry => {
      const value = entry.decaying?.get(this) ?? new DecayingEntry(this.name, entry, nowMs, this.#pass)
      const bumped = checked(this.name, this.#init.bump(value, delta))
      set(value, bumped)
      value.lastVisitMs = value.lastBumpMs = nowMs
      if (value.list !== undefined) return
      entry.decaying ??= new Map()
      entry.decaying.set(this, value)
      this.#values.append(value)
    })
  }

  remove (peer: PeerRef): void {
    if (this.#isClosed) throw new DecayingTagClosedError(this.name)
    const value = this.#parts.table.find(peer.toString())?.decaying?.get(this)
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
    value.lastVisitMs = nowMs
    if (after === undefined) this.#take(value)
    else set(value, after)
  }

  #take (value: DecayingEntry): void {
    set(value, 0)
    this.#values.delete(value)
    value.holder.decaying?.delete(this)
    this.#parts.table.settle(value.holder)
  }
}

function set (value: DecayingEntry, to: number): void {
  value.holder.value += to - value.value
  value.value = to
}

function checked (tag: string, value: number): number {
  if (!Number.isFinite(value) || Math.trunc(value) !== value) throw new RangeError(`a value of the decaying tag ${tag} must be a whole number, got ${value}`)
  return Math.max(-MAX_TAG_VALUE, Math.min(MAX_TAG_VALUE, value))
}

