import assert from 'node:assert/strict'
import { buildLimits } from '../src/build-limits.ts'
import { infiniteLimits } from '../src/infinite-limits.ts'
import { scaleLimits } from '../src/scale-limits.ts'
import { worstCase } from '../src/worst-case.ts'
import { BOOK, WIRE } from './sample-parts.ts'

describe('worstCase', () => {
  const limits = scaleLimits({ memoryBytes: 2 ** 27, numFd: 256 })

  it('is what scopes reserve, and what parts cost beside that: for no more streams than find their memory', () => {
    assert.deepEqual(worstCase(limits, [WIRE, BOOK]), {
      conns: 128,
      streams: 2_048,
      reservedBytes: 2 ** 27,
      unreserved: [{ name: 'wire', bytes: 128 * 8_192 + 512 * 1_024 }, { name: 'book', bytes: 1_048_576 }],
      totalBytes: 2 ** 27 + 128 * 8_192 + 512 * 1_024 + 1_048_576,
      allowlistedBytes: 2 ** 27 + 128 * 8_192,
      fds: 260
    })
  })

  it('counts all streams of a part that reserves nothing for them', () => {
    assert.deepEqual(worstCase(limits, [{ name: 'x', unreserved: { perStreamBytes: 3 } }]).unreserved, [{ name: 'x', bytes: 3 * 2_048 }])
  })

  it('counts as many connections as the directions let in together', () => {
    const { conns, streams } = worstCase(buildLimits({ System: { Conns: 100, ConnsInbound: 10, ConnsOutbound: 20, Streams: 5 } }, limits), [])
    assert.deepEqual([conns, streams], [30, 5])
  })

  it('is unlimited where the limits are, and never NaN', () => {
    assert.deepEqual(worstCase(infiniteLimits, [BOOK]), {
      conns: Infinity, streams: Infinity, reservedBytes: Infinity, unreserved: [{ name: 'book', bytes: 1_048_576 }], totalBytes: Infinity, allowlistedBytes: Infinity, fds: Infinity
    })
    assert.equal(worstCase(infiniteLimits, [{ name: 'x', unreserved: { perConnBytes: 0, perStreamBytes: 1 } }]).unreserved[0]?.bytes, Infinity)
  })
})
