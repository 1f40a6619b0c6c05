import assert from 'node:assert/strict'
import { exponentialBounds, Histogram } from '../src/index.ts'

describe('Histogram', () => {
  it('counts each value in the first bucket that is large enough', () => {
    const histogram = new Histogram([1, 2, 5])
    for (const value of [0, 1, 1.5, 2, 5, 6, 7]) histogram.observe(value)
    assert.deepEqual(histogram.snapshot(), { bounds: [1, 2, 5], counts: [2, 2, 1, 2], sum: 22.5 })
  })

  it('puts what is no number above all bounds', () => {
    const histogram = new Histogram([1])
    histogram.observe(NaN)
    assert.deepEqual(histogram.snapshot().counts, [0, 1])
  })

  it('gives a snapshot of its own', () => {
    const histogram = new Histogram([1])
    const before = histogram.snapshot()
    histogram.observe(1)
    assert.deepEqual(before.counts, [0, 0])
    assert.deepEqual(structuredClone(histogram.snapshot()), histogram.snapshot())
  })

  it('refuses bounds that do not rise', () => {
    assert.throws(() => new Histogram([1, 1]), RangeError)
    assert.throws(() => new Histogram([2, 1]), RangeError)
    assert.throws(() => new Histogram([NaN]), RangeError)
  })
})

describe('exponentialBounds', () => {
  it('multiplies', () => {
    assert.deepEqual(exponentialBounds(1 / 16, 2, 6), [0.0625, 0.125, 0.25, 0.5, 1, 2])
    assert.deepEqual(exponentialBounds(1, 2, 0), [])
  })
})
