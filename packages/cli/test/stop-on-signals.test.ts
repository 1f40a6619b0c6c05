import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { stopOnSignals } from '../src/stop-on-signals.ts'

class FakeProcess extends EventEmitter {
  readonly exits: number[] = []
  exit (code: number): void {
    this.exits.push(code)
  }
}

describe('stop on signals', () => {
  for (const [first, second, exitCode] of [['SIGINT', 'SIGINT', 130], ['SIGINT', 'SIGTERM', 143], ['SIGTERM', 'SIGINT', 130], ['SIGTERM', 'SIGTERM', 143]] as const) {
    it(`stops at ${first} and exits with ${exitCode} at ${second} after it`, () => {
      const target = new FakeProcess()
      const controller = new AbortController()
      using _ = stopOnSignals(target, controller)
      target.emit(first)
      assert.ok(controller.signal.aborted)
      assert.deepEqual(target.exits, [])
      target.emit(second)
      assert.deepEqual(target.exits, [exitCode])
    })
  }

  it('does not take a stop that came from elsewhere for a first signal', () => {
    const target = new FakeProcess()
    const controller = new AbortController()
    using _ = stopOnSignals(target, controller)
    controller.abort()
    target.emit('SIGTERM')
    assert.deepEqual(target.exits, [])
  })

  it('leaves no listener', () => {
    const target = new FakeProcess()
    stopOnSignals(target, new AbortController())[Symbol.dispose]()
    assert.deepEqual(target.eventNames(), [])
  })
})
