import type { Entry } from './entry.ts'

/** Entries by key. Knows neither time nor bounds. */
export interface EntryMap<K> {
  readonly size: number
  get (key: K): Entry | undefined
  set (key: K, entry: Entry): unknown
  delete (key: K): boolean
  /** May be walked while the map changes: what is there all the while is met, unless a deletion moved it; what is new may be. */
  entries (): Iterable<readonly [K, Entry]>
}
