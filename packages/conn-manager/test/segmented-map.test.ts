import assert from 'node:assert/strict'
import fc from 'fast-check'
import { SegmentedMap } from '../src/segmented-map.ts'

describe('SegmentedMap', () => {
  it('is a map, for texts of every length', () => {
    fc.assert(fc.property(fc.array(fc.record({ set: fc.boolean(), key: fc.oneof(fc.string({ maxLength: 2 }), fc.constantFrom('', 'a', 'ä\u{10ffff}')) })), steps => {
      const [map, model] = [new SegmentedMap<number>(), new Map<string, number>()]
      for (const [n, { set, key }] of steps.entries()) {
        if (set) {
          map.set(key, n)
          model.set(key, n)
        } else assert.equal(map.delete(key), model.delete(key))
        const values: number[] = []
        map.visit(value => { values.push(value) })
        assert.deepEqual([map.size, map.get(key), values.sort()], [model.size, model.get(key), [...model.values()].sort()])
      }
    }))
  })
})
