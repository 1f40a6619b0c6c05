import { type Datastore, Key } from 'interface-datastore'
import type { Blocklist } from './blocklist.ts'

const BATCH = 5_000
const REASONS = 10

/** Writes a blocklist as the gater does: every second entry ends some day, at a moment of its own, and all have one of ten reasons. */
export async function fillDatastore (datastore: Datastore, { addrs, subnets }: Blocklist, nowMs: number): Promise<void> {
  const encoder = new TextEncoder()
  let [batch, inBatch, index] = [datastore.batch(), 0, 0]
  for (const [type, list] of [['addr', addrs], ['subnet', subnets]] as const) {
    for (const key of list) {
      const ends = index++ % 2 === 0 ? { untilMs: nowMs + 1e9 + index } : {}
      batch.put(new Key(`/libp2p/net/conngater/${type}/${key}`, false), encoder.encode(JSON.stringify({ version: 1, reason: `reason ${index % REASONS}`, ...ends })))
      if (++inBatch < BATCH) continue
      await batch.commit()
      ;[batch, inBatch] = [datastore.batch(), 0]
    }
  }
  await batch.commit()
}
