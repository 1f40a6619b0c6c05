import { type Entry, isOver, type ListedEntry } from './entry.ts'
import type { EntryMap } from './entry-map.ts'
import { GaterFullError } from './errors.ts'

export interface BoundedMapInit<K> {
  readonly entries: EntryMap<K>
  readonly textOf: (key: K) => string
  /** Where the entry of this key stands in the datastore. */
  readonly pathOf: (key: K) => string
  readonly max: number
  readonly maxAutomatic: number
  /** The option that says `max`. */
  readonly option: string
  readonly nowMs: () => number
}

/**
 * Entries with a bound. What a policy put in gives way to what comes later, the one that ends soonest first; what an operator put
 * in stays. Looking for that one walks through all that policies put in, which is why they have a bound of their own.
 */
export class BoundedMap<K> {
  readonly entries: EntryMap<K>
  readonly #init: BoundedMapInit<K>
  readonly #automatic = new Map<string, { readonly key: K, readonly untilMs: number }>()
  #reserved = 0
  #numEnding = 0

  constructor (init: BoundedMapInit<K>) {
    this.#init = init
    this.entries = init.entries
  }

  get size (): number {
    return this.entries.size
  }

  get numAutomatic (): number {
    return this.#automatic.size
  }

  /** How many have an end, be it over or not. */
  get numEnding (): number {
    return this.#numEnding
  }

  textOf (key: K): string {
    return this.#init.textOf(key)
  }

  pathOf (key: K): string {
    return this.#init.pathOf(key)
  }

  /** The entry, unless it is over. */
  live (key: K): Entry | undefined {
    const entry = this.entries.get(key)
    return entry === undefined || isOver(entry, this.#init.nowMs) ? undefined : entry
  }

  /**
   * Keeps a place for one more, before anything is written down. An automatic entry that stands in the way is dropped.
   *
   * @throws {GaterFullError} when there is no place
   */
  reserve (key: K): Disposable {
    if (this.entries.get(key) !== undefined) return { [Symbol.dispose] () {} }
    const { max, option } = this.#init
    if (this.size + this.#reserved >= max && !this.#dropSoonest()) throw new GaterFullError(option, max)
    this.#reserved++
    let held = true
    return {
      [Symbol.dispose]: () => {
        if (held) this.#reserved--
        held = false
      }
    }
  }

  /** Puts in what an operator said, when everything is read back. @throws {GaterFullError} when there is no place */
  insert (key: K, entry: Entry): void {
    const { max, option } = this.#init
    if (this.size >= max && this.entries.get(key) === undefined) throw new GaterFullError(option, max)
    this.set(key, entry)
  }

  set (key: K, entry: Entry): void {
    const old = this.entries.get(key)
    if (old !== undefined) this.#forget(key, old)
    if (entry.kind === 'automatic') {
      if (this.#automatic.size >= this.#init.maxAutomatic) this.#dropSoonest()
      this.#automatic.set(this.textOf(key), { key, untilMs: entry.untilMs })
    }
    if (entry.untilMs !== Infinity) this.#numEnding++
    this.entries.set(key, entry)
  }

  delete (key: K): boolean {
    const old = this.entries.get(key)
    if (old === undefined) return false
    this.#forget(key, old)
    return this.entries.delete(key)
  }

  /** Everything that is not over. */
  list (): ListedEntry[] {
    const listed: ListedEntry[] = []
    for (const [key, entry] of this.entries.entries()) {
      if (!isOver(entry, this.#init.nowMs)) listed.push({ key: this.textOf(key), ...entry })
    }
    return listed
  }

  #forget (key: K, { kind, untilMs }: Entry): void {
    if (untilMs !== Infinity) this.#numEnding--
    if (kind === 'automatic') this.#automatic.delete(this.textOf(key))
  }

  #dropSoonest (): boolean {
    let soonest: { readonly key: K, readonly untilMs: number } | undefined
    for (const each of this.#automatic.values()) {
      if (soonest === undefined || each.untilMs < soonest.untilMs) soonest = each
    }
    return soonest !== undefined && this.delete(soonest.key)
  }
}
