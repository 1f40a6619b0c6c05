import type { MemoryDatastore } from 'datastore-core'

/** All paths in a datastore, in order. */
export function keysOf (datastore: MemoryDatastore): string[] {
  return Array.from(datastore.queryKeys({}) as Iterable<{ toString: () => string }>, String).sort()
}
