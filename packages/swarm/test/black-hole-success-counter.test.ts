import assert from 'node:assert/strict'
import { type BlackHoleState, BlackHoleSuccessCounter } from '../src/black-hole-success-counter.ts'
import { BLACK_HOLE_DEFAULTS } from '../src/defaults.ts'

function record (counter: BlackHoleSuccessCounter, { successes = 0, failures = 0 }: { successes?: number, failures?: number }): void {
  for (let i = 0; i < successes; i++) counter.record(true)
  for (let i = 0; i < failures; i++) counter.record(false)
}

// black_hole_test, "BlackHoleSuccessCounter"
describe('BlackHoleSuccessCounter', () => {
  it('Reset: probes until its window is full, blocks, probes every so often, and starts anew at one success', () => {
    const n = 10
    const counter = new BlackHoleSuccessCounter({ window: n, minSuccesses: 2 })
    for (let i = 1; i <= n; i++) {
      assert.equal(counter.handleRequest(), 'probing')
      counter.record(false)
    }
    assert.equal(counter.handleRequest(), 'blocked')
    assert.equal(counter.successRatio, 0)
    for (let i = n + 2; i < 2 * n; i++) assert.equal(counter.handleRequest(), 'blocked', `request ${i}`)
    assert.equal(counter.handleRequest(), 'probing', `request ${2 * n}`)
    counter.record(true)
    assert.equal(counter.state, 'probing')
    for (let i = 1; i <= n; i++) {
      assert.equal(counter.handleRequest(), 'probing')
      counter.record(false)
    }
    assert.equal(counter.state, 'blocked')
  })

  const fractions: readonly { minSuccesses: number, successes?: number, failures?: number, state: BlackHoleState }[] = [
    { minSuccesses: 5, successes: 5, failures: 5, state: 'allowed' },
    { minSuccesses: 5, successes: 4, failures: 6, state: 'blocked' },
    { minSuccesses: 0, successes: 0, failures: 10, state: 'allowed' },
    { minSuccesses: 10, successes: 10, state: 'allowed' },
    { minSuccesses: 10, successes: 9, failures: 1, state: 'blocked' },
    { minSuccesses: 1, successes: 1, failures: 8, state: 'probing' }
  ]
  for (const { minSuccesses, state, ...results } of fractions) {
    it(`SuccessFraction: ${JSON.stringify(results)} of 10 where ${minSuccesses} have to succeed is ${state}`, () => {
      const counter = new BlackHoleSuccessCounter({ window: 10, minSuccesses })
      record(counter, results)
      assert.equal(counter.state, state)
    })
  }

  it('looks at the last results only', () => {
    const counter = new BlackHoleSuccessCounter({ window: 10, minSuccesses: 5 })
    record(counter, { successes: 10, failures: 5 })
    assert.deepEqual([counter.state, counter.successRatio], ['allowed', 0.5])
    record(counter, { failures: 1 })
    assert.deepEqual([counter.state, counter.successRatio], ['blocked', 0.4])
  })

  it('has Go\'s numbers', () => {
    assert.deepEqual(BLACK_HOLE_DEFAULTS, { window: 100, minSuccesses: 5 })
    const counter = new BlackHoleSuccessCounter()
    record(counter, { successes: 4, failures: 95 })
    assert.equal(counter.state, 'probing')
    record(counter, { failures: 1 })
    assert.equal(counter.state, 'blocked')
  })
})
