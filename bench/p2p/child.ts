import { setTimeout as wait } from 'node:timers/promises'
import { modelSide } from './model-side.ts'
import { weirSide } from './weir-side.ts'

// The listening process of a side: says its port, and its memory or its time on processors when it is asked.

const SETTLE_MS = 300

async function memory (): Promise<number> {
  for (let times = 0; times < 3; times++) {
    await wait(SETTLE_MS)
    globalThis.gc?.()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

process.on('message', question => {
  if (question === 'cpu') process.send?.(process.cpuUsage())
  else memory().then(result => { process.send?.(result) }, () => { process.exit(1) })
})
process.on('disconnect', () => { process.exit() })
const { port } = await (process.argv[2] === 'model' ? modelSide : weirSide).listen()
process.send?.(port)
