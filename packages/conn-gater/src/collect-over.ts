import type { Clock } from '@weir/network'
import type { BoundedMap } from './bounded-map.ts'
import { isOver } from './entry.ts'
import type { EntryWriter } from './entry-writer.ts'
import type { RuleBook } from './rule-book.ts'

export interface CollectOverInit {
  readonly books: readonly RuleBook[]
  readonly writer: EntryWriter
  readonly clock: Clock
  /** Entries that are looked at in one turn. */
  readonly batch: number
  /** Told of each entry that the datastore would not delete: it stays, and the next pass tries again. */
  readonly onFailure: () => void
}

/** One pass over all lists, a batch in each step, which deletes what is over. A step that deletes gives a promise, which never rejects. */
export function * collectOver ({ books, writer, clock, batch, onFailure }: CollectOverInit): Generator<Promise<unknown> | undefined> {
  const nowMs = (): number => clock.wallMs()
  for (const { peers, addrs, subnets } of books) {
    yield * collectFrom(peers)
    yield * collectFrom(addrs)
    yield * collectFrom(subnets)
  }

  function * collectFrom<K> (map: BoundedMap<K>): Generator<Promise<unknown> | undefined> {
    if (map.numEnding === 0) return
    let seen = 0
    let deletions: Promise<void>[] = []
    for (const [key, entry] of map.entries.entries()) {
      if (isOver(entry, nowMs)) deletions.push(writer.collect(map, key).catch(onFailure))
      if (++seen % batch !== 0) continue
      yield deletions.length === 0 ? undefined : Promise.all(deletions)
      deletions = []
    }
    if (deletions.length > 0) yield Promise.all(deletions)
  }
}
