import { setTimeout as wait } from 'node:timers/promises'

const SETTLE_MS = 500

export interface Memory {
  readonly heapBytes: number
  readonly rssBytes: number
}

/** What this process holds after what is going on has come to rest, and all garbage is collected. */
export async function settledMemory (): Promise<Memory> {
  for (let times = 0; times < 3; times++) {
    await wait(SETTLE_MS)
    globalThis.gc?.()
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heapBytes: heapUsed + external, rssBytes: rss }
}
