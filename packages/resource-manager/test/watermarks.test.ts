import assert from 'node:assert/strict'
import fc from 'fast-check'
import { baseLimit } from '../src/base-limit.ts'
import { watermarksFor } from '../src/watermarks.ts'

const marks = (conns: number, connsInbound: number): [number, number] => {
  const { lowWater, highWater } = watermarksFor(baseLimit({ conns, connsInbound }))
  return [lowWater, highWater]
}

describe('watermarksFor', () => {
  const cases: Array<[number, number, number, number]> = [
    [128, 64, 45, 57], [240, 120, 86, 108], [368, 184, 132, 165], [1_136, 568, 153, 192], [64, 1_000, 45, 57], [Infinity, Infinity, 153, 192], [10, 10, 7, 9], [2, 2, 1, 1], [1, 1, 1, 1]
  ]
  for (const [conns, inbound, low, high] of cases) {
    it(`of ${conns} connections, ${inbound} inbound: ${low} and ${high}`, () => {
      assert.deepEqual(marks(conns, inbound), [low, high])
    })
  }

  it('passes over a direction that is blocked as a whole', () => {
    assert.deepEqual(marks(128, 0), [92, 115])
    assert.deepEqual(marks(0, 0), [153, 192])
  })

  it('trims before it refuses, whatever the limits', () => {
    fc.assert(fc.property(fc.nat(), fc.nat(), (conns, inbound) => {
      const [low, high] = marks(conns, inbound)
      assert.ok(low >= 1 && low <= high && high <= 192)
      for (const limit of [conns, inbound]) assert.ok(limit === 0 || high <= limit)
    }))
  })
})
