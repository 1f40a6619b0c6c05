import assert from 'node:assert/strict'
import fc from 'fast-check'
import { buildLimits } from '../src/build-limits.ts'
import { checkLimits } from '../src/check-limits.ts'
import { infiniteLimits } from '../src/infinite-limits.ts'
import { mergeLimits } from '../src/merge-limits.ts'
import { arbitraryLimits } from './arbitrary-limits.ts'

describe('mergeLimits', () => {
  it('fills in what is left open, field by field', () => {
    assert.deepEqual(
      mergeLimits({ System: { Streams: 1, Conns: 'default' } }, { System: { Streams: 2, Conns: 3 }, Transient: { FD: 4 } }),
      { System: { Streams: 1, Conns: 3 }, Transient: { FD: 4 } }
    )
  })

  it('fills in a name from the same name below, else from the merged default, and keeps the names below', () => {
    assert.deepEqual(
      mergeLimits({ Service: { a: { Streams: 1 }, b: { Streams: 1 } } }, { ServiceDefault: { Conns: 9 }, Service: { a: { Conns: 2 }, c: { Conns: 3 } } }),
      { ServiceDefault: { Conns: 9 }, Service: { a: { Streams: 1, Conns: 2 }, b: { Streams: 1, Conns: 9 }, c: { Conns: 3 } } }
    )
  })

  it('does not look a name up in a prototype', () => {
    assert.deepEqual(mergeLimits({ Service: { constructor: { Streams: 1 } } as never }, {}), { Service: { constructor: { Streams: 1 } } })
  })

  it('changes nothing over nothing and under nothing', () => {
    fc.assert(fc.property(arbitraryLimits, limits => {
      const checked = checkLimits(limits)
      assert.deepEqual(mergeLimits({}, limits), checked)
      assert.deepEqual(buildLimits(mergeLimits(limits, {}), infiniteLimits), buildLimits(checked, infiniteLimits))
    }))
  })
})
