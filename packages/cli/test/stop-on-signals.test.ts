import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { CLI_DEFAULTS } from '../src/defaults.ts'
import { stopOnSignals } from '../src/stop-on-signals.ts'
import { HandClock } from './hand-clock.ts'

/** Exits by writing down with what. */
class FakeProcess extends EventEmitter {
  readonly exits: number[] = []
  readonly clock = new HandClock()
  readonly controller = new AbortController()

  exit (code: number): void {
    this.exits.push(code)
  }

  send (signal: 'SIGINT' | 'SIGTERM'): void {
    this.emit(signal, signal)
  }

  listen (): Disposable {
    return stopOnSignals(this, this.controller, this.clock)
  }
}

describe('stop on signals', () => {
  for (const [first, second, exitCode] of [['SIGINT', 'SIGINT', 130], ['SIGINT', 'SIGTERM', 143], ['SIGTERM', 'SIGINT', 130], ['SIGTERM', 'SIGTERM', 143]] as const) {
    it(`stops at ${first} and exits with ${exitCode} at a later ${second}`, () => {
      const target = new FakeProcess()
      using _ = target.listen()
      target.send(first)
      assert.ok(target.controller.signal.aborted)
      assert.deepEqual(target.exits, [])
      target.clock.nowMs = CLI_DEFAULTS.signalEchoMs
      target.send(second)
      assert.deepEqual(target.exits, [exitCode])
    })
  }

  it('takes the same signal a moment later for the first one, passed on, and another one for a second', () => {
    const target = new FakeProcess()
    using _ = target.listen()
    target.send('SIGINT')
    target.clock.nowMs = CLI_DEFAULTS.signalEchoMs - 1
    target.send('SIGINT')
    assert.deepEqual(target.exits, [])
    target.send('SIGTERM')
    assert.deepEqual(target.exits, [143])
  })

  it('does not take a stop that came from elsewhere for a first signal', () => {
    const target = new FakeProcess()
    using _ = target.listen()
    target.controller.abort()
    target.send('SIGTERM')
    assert.deepEqual(target.exits, [])
  })

  it('leaves no listener', () => {
    const target = new FakeProcess()
    target.listen()[Symbol.dispose]()
    assert.deepEqual(target.eventNames(), [])
  })
})
