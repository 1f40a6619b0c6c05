import assert from 'node:assert/strict'
import { aborted, afterClose, closedTwice, leavesNothingBehind } from '../src/index.ts'
import { failingCases } from './failing-cases.ts'

class ClosedError extends Error {
  static is (error: unknown): boolean {
    return error instanceof ClosedError
  }
}

/** Something with an end, which can be broken. */
class Door {
  closed = 0
  open = 0
  readonly #broken: boolean

  constructor (broken = false) {
    this.#broken = broken
  }

  enter (): void {
    if (this.closed > 0 && !this.#broken) throw new ClosedError()
  }

  look (): void {
    if (this.closed > 0 && this.#broken) throw new ClosedError()
  }

  async close (): Promise<void> {
    if (this.closed++ > 0 && this.#broken) throw new ClosedError()
  }

  async wait (signal: AbortSignal): Promise<void> {
    const late = new Error('another error')
    if (signal.aborted) throw this.#broken ? late : signal.reason
    await new Promise((_resolve, reject) => { signal.addEventListener('abort', () => { reject(this.#broken ? late : signal.reason) }) })
  }

  pass (): void {
    this.open++
    if (!this.#broken) this.open--
  }
}

const whole = (): Door => new Door()
const broken = (): Door => new Door(true)

describe('the trait', () => {
  it('afterClose', async () => {
    const cases = afterClose<Door>([
      { name: 'enter', call: door => { door.enter() }, refuses: ClosedError.is },
      { name: 'look', call: door => { door.look() } }
    ], door => door.close())
    assert.deepEqual(cases.map(({ name }) => name), ['enter after close is refused', 'look after close is harmless'])
    assert.deepEqual(await failingCases(cases, whole), [])
    assert.deepEqual(await failingCases(cases, broken), cases.map(({ name }) => name))
  })

  it('afterClose, where the refusal is another than it should be', async () => {
    const cases = afterClose<Door>([{ name: 'enter', call: door => { door.enter() }, refuses: error => error instanceof TypeError }], door => door.close())
    assert.deepEqual(await failingCases(cases, whole), ['enter after close is refused'])
  })

  it('closedTwice', async () => {
    const cases = closedTwice<Door>([{ name: 'close', call: door => door.close() }])
    assert.deepEqual(cases.map(({ name }) => name), ['close again is harmless', 'close twice at once is harmless'])
    assert.deepEqual(await failingCases(cases, whole), [])
    assert.deepEqual(await failingCases(cases, broken), cases.map(({ name }) => name))
  })

  it('aborted', async () => {
    const cases = aborted<Door>([{ name: 'wait', call: (door, signal) => door.wait(signal), waits: true }, { name: 'wait not', call: (door, signal) => door.wait(signal) }])
    assert.deepEqual(cases.map(({ name }) => name), [
      'wait with an aborted signal rejects with its reason', 'wait rejects with the reason of its signal when it is given up', 'wait not with an aborted signal rejects with its reason'
    ])
    assert.deepEqual(await failingCases(cases, whole), [])
    assert.deepEqual(await failingCases(cases, broken), cases.map(({ name }) => name))
  })

  it('leavesNothingBehind', async () => {
    const cases = leavesNothingBehind<Door>([{ name: 'pass', call: door => { door.pass() } }], door => door.open)
    assert.deepEqual(cases.map(({ name }) => name), ['pass leaves nothing behind'])
    assert.deepEqual(await failingCases(cases, whole), [])
    assert.deepEqual(await failingCases(cases, broken), ['pass leaves nothing behind'])
  })
})
