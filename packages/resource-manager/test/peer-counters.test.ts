import assert from 'node:assert/strict'
import { infiniteLimits } from '../src/index.ts'
import { type CountWithin, PeerCounters } from '../src/peer-counters.ts'
import { ScopeCounter } from '../src/scope-counter.ts'

class Count extends ScopeCounter implements CountWithin {
  readonly within: object
  next: CountWithin | undefined

  constructor (within: object) {
    super({ id: { kind: 'system' }, onZero () {} }, infiniteLimits.system)
    this.within = within
  }
}

describe('PeerCounters', () => {
  for (const count of [1, 8, 9, 1_000]) {
    it(`finds each of ${count}, and none that has gone`, () => {
      const counters = new PeerCounters()
      const all = Array.from({ length: count }, () => new Count({}))
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
      const again = new Count(all[0]?.within ?? {})
      counters.add(again)
      assert.equal(counters.of(again.within), again)
    })
  }
})
