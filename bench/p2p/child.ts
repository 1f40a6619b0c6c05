import { setTimeout as wait } from 'node:timers/promises'
import { modelSide } from './model-side.ts'
import { weirSide } from './weir-side.ts'

// The listening process of a side: says its port, and its memory when it is asked.

const SETTLE_MS = 300

async function memory (): Promise<{ heapBytes: number, rssBytes: number }> {
  for (let times = 0; times < 3; times++) {
    await wait(SETTLE_MS)
    globalThis.gc?.()
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heapBytes: heapUsed + external, rssBytes: rss }
}

process.on('message', () => { memory().then(result => { process.send?.(result) }, () => { process.exit(1) }) })
process.on('disconnect', () => { process.exit() })
process.send?.(await (process.argv[2] === 'model' ? modelSide : weirSide).listen())
