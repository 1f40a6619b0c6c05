import assert from 'node:assert/strict'
import { createBasicGater } from '@weir/conn-gater'
import { ALLOW, deny } from '@weir/network'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LevelDatastore } from 'datastore-level'
import { blocklist } from '../gater/blocklist.ts'
import { checksOf, timeCheck } from '../gater/checks.ts'
import { fillDatastore } from '../gater/fill-datastore.ts'
import { LoopWatch } from '../gater/loop-watch.ts'
import { measureLoad } from '../gater/measure-load.ts'
import { gaterOptions } from '../gater/options.ts'

describe('gater', () => {
  it('takes its options, and refuses what it does not know', () => {
    assert.deepEqual(gaterOptions(['--rounds', '2', '--addrs', '10', '--subnets', '5']), { rounds: 2, addrs: 10, subnets: 5, durationMs: 500, json: undefined })
    assert.deepEqual([gaterOptions([]).addrs, gaterOptions([]).subnets, gaterOptions(['--quick']).addrs], [1_000_000, 100_000, 100_000])
    assert.throws(() => gaterOptions(['--nonsense']), TypeError)
    for (const rounds of ['0', 'many']) assert.throws(() => gaterOptions(['--rounds', rounds]), RangeError)
  })

  it('makes the same blocklist each time, of different entries', () => {
    const { addrs, subnets } = blocklist(300, 100)
    assert.deepEqual(blocklist(300, 100), { addrs, subnets })
    assert.deepEqual([new Set(addrs).size, new Set(subnets).size], [300, 100])
    assert(addrs.some(text => text.includes(':')) && addrs.some(text => text.includes('.')))
  })

  it('what it writes is what a gater reads, here and in a process of its own, and every check gives the right answer', async () => {
    await using dir = await mkdtempDisposable(join(tmpdir(), 'weir-bench-gater-'))
    const list = blocklist(300, 100)
    const datastore = new LevelDatastore(dir.path)
    await datastore.open()
    await fillDatastore(datastore, list, Date.now())
    {
      await using gater = await createBasicGater({ datastore })
      assert.deepEqual([gater.loadReport.numCorrupt, gater.loadReport.numLoaded], [0, 400])
      const checks = checksOf(gater, list, 1_000)
      assert.equal(checks.length, 13)
      for (const check of checks) {
        const { ns, cpuNs } = timeCheck(check, 1)
        assert(ns > 0 && cpuNs >= 0)
      }
    }
    await datastore.close()
    const load = await measureLoad(dir.path, 400)
    for (const figure of Object.values(load)) assert(Number.isFinite(figure))
    await assert.rejects(measureLoad(dir.path, 401), /400 of 401/)
  })

  it('finds a wrong answer', () => {
    assert.throws(() => timeCheck({ name: 'x', denies: true, poolSize: 1, run: () => ALLOW }, 1), /x: a wrong answer/)
    assert.throws(() => timeCheck({ name: 'x', denies: false, poolSize: 1, run: () => deny('x') }, 1), /x: a wrong answer/)
  })

  it('sees that the loop was kept', async () => {
    using watch = new LoopWatch()
    await new Promise(resolve => { setImmediate(resolve) })
    const until = performance.now() + 20
    while (performance.now() < until);
    await new Promise(resolve => { setImmediate(resolve) })
    assert(watch.longestMs >= 20)
    assert(watch.longestCpuMs > 0)
  })
})
