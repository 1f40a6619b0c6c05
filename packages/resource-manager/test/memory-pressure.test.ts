import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ManualClock } from '@weir/compliance'
import { memoryPressure, type MemoryUse } from '../src/index.ts'

const MIB = 1_048_576

function signalFor (use: () => Partial<MemoryUse>): { signal: ReturnType<typeof memoryPressure>, clock: ManualClock } {
  const clock = new ManualClock()
  const measure = (): MemoryUse => ({ heapUsedBytes: 0, heapLimitBytes: 1_000 * MIB, externalBytes: 0, rssBytes: 0, ...use() })
  return { clock, signal: memoryPressure({ clock, limitBytes: 2_000 * MIB, measure }) }
}

/** Runs a program with a heap of so many MiB that does a piece of work in each of so many turns, however long they take, and gives back the levels it saw. */
async function levelsIn (program: { heapMiB: number, limitMiB?: number, prepare: string, work: string, until: string, turns: number }): Promise<string[]> {
  const source = `
    import { memoryPressure } from './packages/resource-manager/src/index.ts'
    using signal = memoryPressure({ intervalMs: 5, limitBytes: ${program.limitMiB === undefined ? 'undefined' : program.limitMiB * MIB} })
    const seen = new Set()
    ${program.prepare}
    for (let turn = 0; turn < ${program.turns} && !(${program.until}); turn++) {
      ${program.work}
      await new Promise(resolve => { setTimeout(resolve, 1) })
      seen.add(signal.level)
    }
    console.log(JSON.stringify([...seen]))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@weir/source', `--max-old-space-size=${program.heapMiB}`, '--input-type=module-typescript', '--eval', source], { cwd: new URL('../../..', import.meta.url), timeout: 60_000, env: { ...process.env, NODE_V8_COVERAGE: undefined } }) // what coverage keeps is not measured here
  return JSON.parse(stdout)
}

describe('memoryPressure', () => {
  for (const [name, use] of [
    ['the heap against its own limit', (ratio: number) => ({ heapUsedBytes: ratio * 1_000 * MIB })],
    ['the resident memory against what the process may use', (ratio: number) => ({ rssBytes: ratio * 2_000 * MIB })],
    ['the heap and what is outside of it against the same', (ratio: number) => ({ heapUsedBytes: 200 * MIB, externalBytes: ratio * 2_000 * MIB - 200 * MIB })]
  ] as const) {
    it(`goes by ${name}`, () => {
      let ratio = 0.5
      const { signal, clock } = signalFor(() => use(ratio))
      clock.advance(5_000)
      assert.deepEqual([signal.level, signal.value], ['normal', 0.5])
      ratio = 0.85
      clock.advance(1_500)
      assert.equal(signal.level, 'normal', 'one that has not lasted yet')
      clock.advance(500)
      assert.deepEqual([signal.level, signal.value], ['elevated', 0.85])
      ratio = 0.95
      clock.advance(2_000)
      assert.equal(signal.level, 'critical')
      ratio = 0.84
      clock.advance(2_000)
      assert.equal(signal.level, 'critical')
      ratio = 0.75
      clock.advance(2_000)
      assert.equal(signal.level, 'elevated')
      ratio = 0.7
      clock.advance(2_000)
      assert.equal(signal.level, 'normal')
      signal[Symbol.dispose]()
      assert.equal(clock.pendingTimers, 0)
    })
  }

  it('the sawtooth of garbage and its collection raises no alarm', () => {
    let at = 0
    const { signal, clock } = signalFor(() => ({ heapUsedBytes: [500, 700, 850, 990][at++ % 4] as number * MIB }))
    for (let i = 0; i < 100; i++) {
      clock.advance(500)
      assert.equal(signal.level, 'normal')
    }
    signal[Symbol.dispose]()
  })

  it('what cannot be measured changes nothing and ends nothing', () => {
    const { signal, clock } = signalFor(() => { throw new Error('of the measurement') })
    clock.advance(10_000)
    assert.deepEqual([signal.level, clock.pendingTimers], ['normal', 1])
    signal[Symbol.dispose]()
  })

  it('a real process that makes garbage as fast as it can, beside what it keeps: no alarm', async () => {
    const levels = await levelsIn({
      heapMiB: 96,
      prepare: 'const kept = Array.from({ length: 30 * 128 }, () => new Array(1_024).fill(0.5))',
      work: 'for (let i = 0; i < 2_000; i++) kept[i] = new Array(1_024).fill(i + 0.5)',
      until: 'false',
      turns: 150 // 2.4 GB of garbage
    })
    assert.deepEqual(levels, ['normal'])
  }).timeout(60_000)

  it('a real process that keeps more and more hears of it before it is too late', async () => {
    const levels = await levelsIn({
      prepare: 'const kept = []',
      heapMiB: 1_024, // the limit is that of the process: near that of its heap the runtime may end it at any moment
      limitMiB: 300,
      work: 'for (let i = 0; i < 16; i++) kept.push(new Array(1_024).fill(i + 0.5))',
      until: "signal.level === 'critical'",
      turns: 4_000 // 512 MB: more than there is
    })
    assert.deepEqual(levels, ['normal', 'elevated', 'critical'])
  }).timeout(60_000)

  it('refuses options that are none', () => {
    for (const init of [{ interval: 1 }, { limits: 1 }]) assert.throws(() => memoryPressure(init as object), TypeError)
    for (const init of [{ intervalMs: 0 }, { intervalMs: Infinity }, { window: 0 }, { window: 1.5 }, { leaveRatio: 0 }, { leaveRatio: 1.1 }, { elevated: 0 }, { elevated: 0.9, critical: 0.8 }, { critical: Number.NaN }, { limitBytes: 0 }, { limitBytes: Number.NaN }]) {
      assert.throws(() => memoryPressure(init), RangeError, JSON.stringify(init))
    }
  })
})
