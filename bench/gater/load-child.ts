import { setImmediate } from 'node:timers/promises'
import { createBasicGater } from '@weir/conn-gater'
import { LevelDatastore } from 'datastore-level'
import { LoopWatch } from './loop-watch.ts'

// Loads the datastore in a folder, in a process that has nothing else in its memory, and writes a line: the milliseconds of reading alone,
// on processors; those of making a gater, on processors and on the clock; the longest block, on a processor and on the clock; the bytes.

const [folder = '', numEntries] = process.argv.slice(2)
const datastore = new LevelDatastore(folder)
await datastore.open()

function usedBytes (): number {
  for (let i = 0; i < 3; i++) globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function cpuMs (): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

const readFrom = cpuMs()
let read = 0
for await (const { value } of datastore.query({ prefix: '/libp2p/net/conngater/' })) if (value.length > 0 && ++read % 256 === 0) await setImmediate()
const readCpuMs = cpuMs() - readFrom

const bytes = usedBytes()
const [cpuFrom, from] = [cpuMs(), performance.now()]
const gater = await createBasicGater({ datastore })
const [loadCpuMs, loadMs] = [cpuMs() - cpuFrom, performance.now() - from]
const bytesPerEntry = (usedBytes() - bytes) / Number(numEntries)
if (gater.loadReport.numLoaded !== Number(numEntries)) throw new Error(`${gater.loadReport.numLoaded} of ${numEntries} entries were loaded`)
await gater.close()

// Once more, watched: the watch keeps the thread busy, so that times would mean nothing.
const watch = new LoopWatch()
await (await createBasicGater({ datastore })).close()
watch[Symbol.dispose]()
process.stdout.write(`${readCpuMs} ${loadCpuMs} ${loadMs} ${watch.longestCpuMs} ${watch.longestMs} ${bytesPerEntry}\n`)
await datastore.close()
