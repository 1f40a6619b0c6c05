import assert from 'node:assert/strict'
import { Counter } from '../src/counter.ts'
import { infiniteLimits } from '../src/index.ts'
import { type CountWithin, PeerCounters } from '../src/peer-counters.ts'

function countWithin (): CountWithin {
  return { within: {}, next: undefined, counter: new Counter({ id: { kind: 'system' }, onZero () {} }, infiniteLimits.system) }
}

describe('PeerCounters', () => {
  for (const count of [1, 8, 9, 1_000]) {
    it(`finds each of ${count}, and none that has gone`, () => {
      const counters = new PeerCounters()
      const all = Array.from({ length: count }, countWithin)
      for (const each of all) {
        assert.equal(counters.of(each.within), undefined)
        counters.add(each)
        assert.equal(counters.of(each.within), each)
      }
      for (const each of all) assert.equal(counters.of(each.within), each)
      for (const [index, each] of all.entries()) {
        counters.remove(each)
        assert.equal(counters.of(each.within), undefined)
        for (const other of all.slice(index + 1, index + 20)) assert.equal(counters.of(other.within), other)
      }
      const again = { ...countWithin(), within: all[0]?.within ?? {} }
      counters.add(again)
      assert.equal(counters.of(again.within), again)
    })
  }
})
