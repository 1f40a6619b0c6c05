import { setImmediate } from 'node:timers/promises'
import { LOAD_BATCH, MAX_REPORTED_CORRUPT, NAMESPACE } from './defaults.ts'
import { type Entry, isOver } from './entry.ts'
import { decodeEntry } from './entry-codec.ts'
import { corruptPath, datastoreKey, type EntryKey, isCorruptPath, type ListName, parseEntryPath } from './entry-key.ts'
import { GaterFullError, GaterLoadError } from './errors.ts'
import type { GaterDatastore } from './gater-datastore.ts'
import { isGoEntry } from './go-entry.ts'
import type { CorruptEntry, LoadReport } from './load-report.ts'
import type { RuleBook } from './rule-book.ts'

/**
 * Reads everything back, a few entries at a time, so that others get their turns.
 *
 * @throws {GaterLoadError} when the datastore cannot be read
 * @throws {GaterFullError} when there is more than the bounds allow: a list that is cut short would let somebody in
 */
export async function loadEntries (datastore: GaterDatastore, books: Readonly<Record<ListName, RuleBook>>, nowMs: () => number): Promise<LoadReport> {
  const corrupt: CorruptEntry[] = []
  let [numLoaded, numOver, numCorrupt, inBatch] = [0, 0, 0, 0]
  try {
    for await (const { key, value } of datastore.query({ prefix: `${NAMESPACE}/` })) {
      if (++inBatch > LOAD_BATCH) {
        inBatch = 0
        await setImmediate()
      }
      const path = key.toString()
      if (isCorruptPath(path)) continue
      const read = readEntry(path, value)
      if ('why' in read) {
        numCorrupt++
        if (corrupt.length < MAX_REPORTED_CORRUPT) corrupt.push({ path, why: read.why })
        await datastore.put(datastoreKey(corruptPath(path)), value)
        await datastore.delete(key)
      } else if (isOver(read.entry, nowMs)) {
        numOver++
        await datastore.delete(key)
      } else {
        numLoaded++
        const { about, entry } = read
        const book = books[about.list]
        if (about.type === 'addr') book.addrs.insert(about.key, entry)
        else if (about.type === 'peer') book.peers.insert(about.key, entry)
        else book.subnets.insert(about.key, entry)
      }
    }
  } catch (cause) {
    throw GaterFullError.is(cause) ? cause : new GaterLoadError({ cause })
  }
  return { numLoaded, numOver, numCorrupt, corrupt }
}

function readEntry (path: string, value: Uint8Array): { readonly about: EntryKey, readonly entry: Entry } | { readonly why: string } {
  try {
    const about = parseEntryPath(path)
    const entry: Entry = isGoEntry(about, value) ? { kind: 'manual', reason: '', untilMs: Infinity } : decodeEntry(value)
    return { about, entry }
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) }
  }
}
