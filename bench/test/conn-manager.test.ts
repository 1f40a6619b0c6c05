import assert from 'node:assert/strict'
import { measureOperation } from '../conn-manager/measure.ts'
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

  it('runs an operation with a number that grows', () => {
    const seen = new Set<number>()
    measureOperation(n => { seen.add(n) }, 10, 2)
    assert.equal(seen.size, 10 + 2 * 20)
  })

  it('knows its arguments', () => {
    assert.equal(connManagerOptions(['--rounds', '4']).rounds, 4)
    assert(connManagerOptions(['--quick']).operations < connManagerOptions([]).operations)
    assert.throws(() => connManagerOptions(['--rounds', '0']), RangeError)
    assert.throws(() => connManagerOptions(['--wrong']), TypeError)
  })
})
