import assert from 'node:assert/strict'
import { TokenBucket } from '../src/token-bucket.ts'

function takeAt (bucket: TokenBucket, nowMs: number): boolean {
  const has = bucket.has(nowMs)
  if (has) bucket.take()
  return has
}

describe('TokenBucket', () => {
  it('gives its burst at once, and then its rate', () => {
    const bucket = new TokenBucket({ perSecond: 2, burst: 3 }, 1_000)
    assert.deepEqual([1_000, 1_000, 1_000, 1_000].map(now => takeAt(bucket, now)), [true, true, true, false])
    assert.equal(takeAt(bucket, 1_499), false)
    assert.equal(takeAt(bucket, 1_500), true)
    assert.equal(takeAt(bucket, 1_500), false)
  })

  it('never holds more than its burst', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 2 }, 0)
    assert.deepEqual(Array.from({ length: 4 }, () => takeAt(bucket, 1_000_000)), [true, true, false, false])
  })

  it('TestLimiterGlobal: Infinity is no limit; 0 gives the burst and never more', () => {
    const endless = new TokenBucket({ perSecond: Infinity, burst: 0 }, 0)
    for (let i = 0; i < 1_000; i++) assert(takeAt(endless, 0))
    const once = new TokenBucket({ perSecond: 0, burst: 2 }, 0)
    assert.deepEqual([takeAt(once, 0), takeAt(once, 1e9), takeAt(once, 2e9)], [true, true, false])
    assert.equal(takeAt(new TokenBucket({ perSecond: 5, burst: 0 }, 0), 1e9), false)
  })

  it('TestTokenBucketFullAfter: is as if nobody had ever taken one when what was taken has come back at its rate', () => {
    const bucket = new TokenBucket({ perSecond: 0.5, burst: 10 }, 0)
    for (let i = 0; i < 5; i++) takeAt(bucket, 0)
    assert.equal(bucket.available(4_000), 7)
    assert.equal(bucket.available(9_998), 9.999)
    assert.equal(bucket.available(10_000), 10)
    assert.equal(bucket.available(99_000), 10)
    takeAt(bucket, 100_000)
    assert.deepEqual([101_999, 102_000].map(now => bucket.isFull(now)), [false, true])
  })

  it('a clock that goes back gives nothing and takes nothing', () => {
    const bucket = new TokenBucket({ perSecond: 1, burst: 2 }, 10_000)
    assert(takeAt(bucket, 10_000))
    assert.equal(bucket.available(0), 1)
    assert.equal(bucket.available(10_500), 1.5)
  })
})
