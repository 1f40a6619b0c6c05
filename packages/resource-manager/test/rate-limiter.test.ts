import assert from 'node:assert/strict'
import { ManualClock } from '@weir/compliance'
import { type IpAddress, ipAddressOf } from '@weir/network'
import { BucketTable } from '../src/bucket-table.ts'
import { NO_RATE_LIMITS, RATE_LIMIT_DEFAULTS, type RateLimits } from '../src/index.ts'
import { RateLimiter } from '../src/rate-limiter.ts'
import { addrOf } from './manager-for.ts'

function ip (text: string): IpAddress {
  return ipAddressOf(addrOf(text)) as IpAddress
}

function limiterOf (limits: Partial<RateLimits>, maxBuckets = 1_000): { limiter: RateLimiter, clock: ManualClock, allow: (address: string | undefined) => boolean } {
  const clock = new ManualClock({ monotonicMs: 5_000 })
  const limiter = new RateLimiter({ limits: { ...NO_RATE_LIMITS, ...limits }, clock, maxBuckets })
  return { limiter, clock, allow: address => limiter.take(address === undefined ? undefined : ip(address)) === undefined }
}

const perSecond = 0.001 // slow enough that nothing comes back by accident

// Not here: TestVerifySourceAddressRateLimiter and TestNewVerifySourceAddressRateLimiter. They are about QUIC, which asks a
// resource manager whether an address has to be verified: our contract has no such question, as there is no QUIC.
describe('RateLimiter', () => {
  it('TestLimiterGlobal: all together have one rate', () => {
    const { limiter, clock, allow } = limiterOf({ conns: { perSecond: 10, burst: 2 } })
    assert.deepEqual(['1.1.1.1', '2.2.2.2', '3.3.3.3'].map(allow), [true, true, false])
    const refusal = limiter.take(ip('3.3.3.3'))
    assert.deepEqual({ ...refusal }, { where: 'local', scope: { kind: 'rate', prefix: 'all connections' }, resource: 'rate', direction: undefined, current: 2, attempted: 1, limit: 2, hint: 'slow down, or raise rateLimits.conns' })
    clock.advance(100)
    assert.deepEqual([allow('4.4.4.4'), allow('4.4.4.4')], [true, false])
    assert(limiterOf({}).limiter.isEmpty)
  })

  it('TestLimiterNetworkPrefix: a network that matches decides, and neither subnets nor the rate of all count in it', () => {
    const { allow } = limiterOf({
      v4: [{ prefixLength: 32, perSecond, burst: 1 }],
      conns: { perSecond, burst: 1 },
      networks: [{ network: '10.0.0.0/8', perSecond: Infinity, burst: 1 }, { network: '20.0.0.0/8', perSecond, burst: 3 }]
    })
    for (let i = 0; i < 20; i++) assert(allow('10.1.1.1'))
    assert.deepEqual(Array.from({ length: 4 }, () => allow('20.1.1.1')), [true, true, true, false])
    assert.deepEqual([allow('30.1.1.1'), allow('30.1.1.1'), allow('40.1.1.1')], [true, false, false])
  })

  it('TestLimiterNetworkPrefixWidth: every network that matches gives a token, or none does', () => {
    const { allow } = limiterOf({ networks: [{ network: '1.1.0.0/16', perSecond, burst: 3 }, { network: '1.1.1.0/24', perSecond, burst: 2 }] })
    assert.deepEqual([allow('1.1.1.1'), allow('1.1.1.2'), allow('1.1.1.3')], [true, true, false])
    assert.deepEqual([allow('1.1.2.1'), allow('1.1.2.1')], [true, false], 'the wider one has given two, and one more')
  })

  it('TestSubnetLimiter, Simple: each subnet of a size has its own', () => {
    const { limiter, clock, allow } = limiterOf({ v4: [{ prefixLength: 24, perSecond: 1, burst: 2 }], v6: [{ prefixLength: 56, perSecond: 1, burst: 1 }] })
    assert.deepEqual(['1.1.1.1', '1.1.1.2', '1.1.1.3', '::ffff:1.1.1.4', '1.1.2.1'].map(allow), [true, true, false, false, true])
    assert.deepEqual(['2001:db8::1', '2001:db8:0:ff::1', '2001:db8:0:100::1'].map(allow), [true, false, true])
    assert.deepEqual(limiter.take(ip('1.1.1.9'))?.scope, { kind: 'rate', prefix: '1.1.1.0/24' })
    clock.advance(1_000)
    assert.deepEqual([allow('1.1.1.9'), allow('1.1.1.9')], [true, false])
  })

  it('TestSubnetLimiter, Complex: every size must have a token, and a refusal takes none', () => {
    const { limiter, allow } = limiterOf({ v6: [{ prefixLength: 48, perSecond, burst: 4 }, { prefixLength: 56, perSecond, burst: 3 }], conns: { perSecond, burst: 6 } })
    assert.deepEqual([1, 2, 3, 4].map(() => allow('2001:db8:0:100::1')), [true, true, true, false])
    assert.deepEqual([allow('2001:db8:0:200::1'), allow('2001:db8:0:200::1')], [true, false], 'the /48 has given four')
    assert.deepEqual(limiter.take(ip('2001:db8:0:200::1'))?.scope, { kind: 'rate', prefix: '2001:db8::/48' })
    assert.deepEqual([allow('2001:db8:1::1'), allow('2001:db8:2::1'), allow('2001:db8:3::1')], [true, true, false], 'and so have all together six')
    assert.equal(limiter.take(ip('2001:db8:4::1'))?.limit, 6)
  })

  it('a token that the rate of all refuses stays in its subnet', () => {
    const { clock, allow } = limiterOf({ v4: [{ prefixLength: 32, perSecond: 0, burst: 2 }], conns: { perSecond: 1, burst: 1 } })
    assert.deepEqual([allow('1.1.1.1'), allow('1.1.1.1'), allow('1.1.1.1')], [true, false, false])
    clock.advance(1_000)
    assert.equal(allow('1.1.1.1'), true)
  })

  it('TestSubnetLimiter, Zero: a rate of 0 gives its burst once, a burst of 0 gives nothing', () => {
    const { clock, allow } = limiterOf({ v4: [{ prefixLength: 32, perSecond: 0, burst: 1 }], v6: [{ prefixLength: 56, perSecond: 1, burst: 0 }] })
    assert.deepEqual([allow('1.1.1.1'), allow('1.1.1.1'), allow('2001:db8::1')], [true, false, false])
    clock.advance(1e9)
    assert.deepEqual([allow('1.1.1.1'), allow('2001:db8::1')], [false, false])
  })

  it('fault 18: addresses without an IP share no subnet: only the rate of all counts', () => {
    const { allow } = limiterOf({ ...RATE_LIMIT_DEFAULTS, conns: { perSecond, burst: 100 } })
    for (let i = 0; i < 100; i++) assert(allow(undefined))
    assert.equal(allow(undefined), false)
    assert.equal(allow('2001:db8::1'), false)
  })

  it('loopback is free by default, the others have 16 at once and one in five seconds', () => {
    const { clock, allow } = limiterOf(RATE_LIMIT_DEFAULTS)
    for (let i = 0; i < 100; i++) assert(allow('127.0.0.1') && allow('::1'))
    for (let i = 0; i < 16; i++) assert(allow('1.1.1.1'))
    assert.equal(allow('1.1.1.1'), false)
    clock.advance(5_000)
    assert.deepEqual([allow('1.1.1.1'), allow('1.1.1.1')], [true, false])
  })

  describe('BucketTable', () => {
    const rate = { perSecond: 1, burst: 10 }

    it('TestSubnetLimiterCleanup: forgets a subnet when its bucket is full again, and not before', () => {
      const table = new BucketTable({ rate, prefixLength: 32, nowMs: 0, maxBuckets: 1_000 })
      for (let i = 0; i < 10; i++) table.of(ip('1.1.1.1'), 0).take()
      assert.equal(table.of(ip('1.1.1.1'), 9_000).available(9_000), 9)
      table.of(ip('2.2.2.2'), 9_999).take()
      table.of(ip('3.3.3.3'), 10_000)
      assert.equal(table.size, 3)
      assert(table.of(ip('2.2.2.2'), 10_000).available(10_000) < 10, 'still short of what was taken')
      assert.equal(table.size, 3, 'each is there once')
      table.of(ip('4.4.4.4'), 20_000)
      assert.equal(table.size, 3, '1.1.1.1 is gone: nobody came from there for more than ten seconds')
      table.of(ip('5.5.5.5'), 60_000)
      assert.equal(table.size, 1)
    })

    it('remembers a bounded number of subnets, the newest of them', () => {
      const table = new BucketTable({ rate: { perSecond: 0, burst: 1 }, prefixLength: 32, nowMs: 0, maxBuckets: 100 })
      for (let i = 0; i < 10_000; i++) {
        table.of(ip(`10.0.${i >> 8}.${i & 255}`), i).take()
        assert(table.size <= 200)
      }
      assert.equal(table.of(ip(`10.0.${9_950 >> 8}.${9_950 & 255}`), 10_000).has(10_000), false)
      assert.equal(table.of(ip('10.0.0.1'), 10_000).has(10_000), true)
    })

    it('whoever keeps coming is never forgotten', () => {
      const table = new BucketTable({ rate, prefixLength: 32, nowMs: 0, maxBuckets: 1_000 })
      for (let now = 0, taken = 0; now < 100_000; now += 500) {
        const bucket = table.of(ip('1.1.1.1'), now)
        if (bucket.has(now)) {
          bucket.take()
          taken++
        }
        assert(taken <= 10 + now / 1_000 + 1)
      }
    })
  })
})
