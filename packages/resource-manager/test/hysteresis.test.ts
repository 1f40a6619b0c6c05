import assert from 'node:assert/strict'
import { Hysteresis } from '../src/hysteresis.ts'

const init = { thresholds: { elevated: 80, critical: 90 }, leaveRatio: 0.9, window: 3 }

function levels (values: readonly number[]): string {
  const hysteresis = new Hysteresis(init)
  return values.map(value => {
    hysteresis.add(value)
    return hysteresis.level.charAt(0)
  }).join('')
}

describe('Hysteresis', () => {
  it('rises when all of the last measurements agree', () => {
    assert.equal(levels([85, 85, 85, 95, 95, 95]), 'nneeec')
    assert.equal(levels([100, 100, 100]), 'nnc')
    assert.equal(levels([100, 100, 79, 100, 100, 79]), 'nnnnnn')
  })

  it('falls at a lower value than it rose at, step by step or all the way', () => {
    assert.equal(levels([95, 95, 95, 82, 81.1, 80.9, 75, 72, 71.9]), 'nnccceeen')
    assert.equal(levels([95, 95, 95, 10]), 'nncn')
  })

  it('does not flap at a threshold', () => {
    assert.equal(levels([81, 81, 81, 79, 81, 79, 81, 79]), 'nneeeeee')
  })
})
