import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { systemClock } from '../src/index.ts'

const CLOCK_FILE = new URL('../src/clock.ts', import.meta.url).href

/** Runs a program that imports the clock and ends by itself; gives what it printed. */
function run (program: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', `import { systemClock } from '${CLOCK_FILE}'\n${program}`], { encoding: 'utf8', timeout: 10_000 }).trim()
}

describe('systemClock', () => {
  it('counts monotonically in milliseconds', () => {
    const before = systemClock.monotonicMs()
    const after = systemClock.monotonicMs()
    assert.ok(after >= before)
    assert.ok(Math.abs(after - performance.now()) < 1_000)
  })

  it('tells the wall clock in milliseconds since 1970', () => {
    assert.ok(Math.abs(systemClock.wallMs() - Date.now()) < 1_000)
  })

  it('calls back once', async () => {
    let calls = 0
    await new Promise<void>(resolve => {
      systemClock.setTimeout(() => {
        calls++
        resolve()
      }, 1)
    })
    assert.equal(calls, 1)
  })

  it('does not call back when the result is disposed before', () => {
    // The keeper is set for later than the disposed timer: when the program ends, that one has had its time.
    assert.equal(run(`
      systemClock.setTimeout(() => console.log('called'), 1)[Symbol.dispose]()
      setTimeout(() => console.log('end'), 20)`), 'end')
  })

  it('keeps no process alive', () => {
    assert.equal(run("systemClock.setTimeout(() => console.log('called'), 60_000); console.log('end')"), 'end')
  })

  it('waits for delays that would overflow the runtime instead of firing at once', () => {
    assert.equal(run(`
      systemClock.setTimeout(() => console.log('called'), 2 ** 31)
      systemClock.setTimeout(() => console.log('called'), Infinity)
      setTimeout(() => console.log('end'), 20)`), 'end')
  })

  it('is frozen', () => {
    assert.ok(Object.isFrozen(systemClock))
  })
})
