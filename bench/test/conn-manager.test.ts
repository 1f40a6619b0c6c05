import assert from 'node:assert/strict'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { GcWatch } from '../conn-manager/gc-watch.ts'
import { measureOperation, timeMs } from '../conn-manager/measure.ts'
import { connManagerOptions } from '../conn-manager/options.ts'
import { connManagerTable } from '../conn-manager/report.ts'
import { runOperations, runTrims } from '../conn-manager/run-rows.ts'

describe('the benchmark of the connection manager', () => {
  const small = { rounds: 1, conns: 100, peers: 600, operations: 600, json: undefined }

  it('trims what it says, and prints a line for each row', async () => {
    const trims = await runTrims(small)
    const progress: string[] = []
    const operations = await runOperations(small, line => { progress.push(line) })
    assert.equal(trims.length, 3)
    assert(operations.length >= progress.length)
    const lines = connManagerTable(trims, operations).split('\n')
    assert.equal(lines.length, trims.length + operations.length + 3)
    assert(lines.some(line => line.startsWith('trimOpenConns, 10 of 100')))
  })

  it('runs an operation with a number that grows', async () => {
    const seen = new Set<number>()
    await measureOperation(n => { seen.add(n) }, 10, 2)
    assert.equal(seen.size, 10 + 2 * 20)
  })

  it('tells what the collector did not run in from what it did', async () => {
    setFlagsFromString('--expose-gc')
    const gc = runInNewContext('gc') as () => void
    using watch = new GcWatch()
    const timed = (work: () => void): readonly [number, number] => [performance.now(), timeMs(work)]
    const times = [timed(() => {}), timed(gc), timed(() => {})]
    const own = await watch.withoutGc(Float64Array.from(times, ([start]) => start), Float64Array.from(times, ([, duration]) => duration))
    assert.deepEqual([...own], [times[0]?.[1], times[2]?.[1]])
  })

  it('knows its arguments', () => {
    assert.equal(connManagerOptions(['--rounds', '4']).rounds, 4)
    assert(connManagerOptions(['--quick']).operations < connManagerOptions([]).operations)
    assert.throws(() => connManagerOptions(['--rounds', '0']), RangeError)
    assert.throws(() => connManagerOptions(['--wrong']), TypeError)
  })
})
