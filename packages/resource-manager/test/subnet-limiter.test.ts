import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type IpAddress, ipAddressOf } from '@weir/network'
import { NO_SUBNET_LIMITS, SUBNET_LIMIT_DEFAULTS, type SubnetLimits } from '../src/index.ts'
import type { SubnetCount } from '../src/subnet-count.ts'
import { SubnetLimiter } from '../src/subnet-limiter.ts'
import { addrOf } from './manager-for.ts'

function ip (text: string): IpAddress {
  return ipAddressOf(addrOf(text)) as IpAddress
}

function limiterOf (limits: Partial<SubnetLimits>): SubnetLimiter {
  return new SubnetLimiter({ ...NO_SUBNET_LIMITS, ...limits })
}

/** Enters a connection; undefined when it is refused. */
function enter (limiter: SubnetLimiter, address: string): { leave (): void } | undefined {
  const count: SubnetCount | undefined = limiter.of(ip(address), false)
  if (count?.refusal() !== undefined) return undefined
  count?.enter()
  return { leave: () => { count?.leave() } }
}

describe('SubnetLimiter', () => {
  describe('TestItLimits', () => {
    it('version 4: one for each address, and another when it has gone', () => {
      const limiter = limiterOf({ v4: [{ prefixLength: 32, conns: 1 }] })
      const first = enter(limiter, '1.2.3.4')
      assert(first !== undefined)
      assert.equal(enter(limiter, '1.2.3.4'), undefined)
      assert.equal(enter(limiter, '::ffff:1.2.3.4'), undefined, 'the same in another form')
      assert(enter(limiter, '1.2.3.5') !== undefined)
      first.leave()
      assert(enter(limiter, '1.2.3.4') !== undefined)
    })

    it('version 6: neighbours in a /56 share', () => {
      const limiter = limiterOf({ v6: [{ prefixLength: 56, conns: 1 }] })
      const first = enter(limiter, 'ff:2:3:4::1')
      assert.equal(enter(limiter, 'ff:2:3:4::1'), undefined)
      assert.equal(enter(limiter, 'ff:2:3:1::7'), undefined)
      assert(enter(limiter, 'ff:2:3:100::1') !== undefined)
      first?.leave()
      assert(enter(limiter, 'ff:2:3:1::7') !== undefined)
    })

    it('version 6 by default: the 9th in a /56 and the 65th in a /48 are refused, in another they are not', () => {
      const limiter = new SubnetLimiter(SUBNET_LIMIT_DEFAULTS)
      for (let net = 0; net < 8; net++) {
        const text = (net * 256).toString(16)
        for (let i = 0; i < 8; i++) assert(enter(limiter, `ff:2:3:${text}::${i}`) !== undefined, `${net} ${i}`)
        const refusal = limiter.of(ip(`ff:2:3:${text}::9`), false)?.refusal()
        assert.deepEqual(refusal?.scope, { kind: 'subnet', prefix: net === 0 ? 'ff:2:3::/56' : `ff:2:3:${text}::/56` })
        assert.deepEqual([refusal?.resource, refusal?.direction, refusal?.current, refusal?.attempted, refusal?.limit], ['connection', undefined, 8, 1, 8])
        assert.match(refusal?.hint ?? '', /subnetLimits\.v6/)
      }
      assert.deepEqual(limiter.of(ip('ff:2:3:8800::1'), false)?.refusal()?.scope, { kind: 'subnet', prefix: 'ff:2:3::/48' })
      assert(enter(limiter, 'ff:2:4::1') !== undefined)
    })

    it('loopback is free by default, whatever the limits per subnet say', () => {
      const limiter = new SubnetLimiter({ ...SUBNET_LIMIT_DEFAULTS, v4: [{ prefixLength: 0, conns: 1 }], v6: [{ prefixLength: 0, conns: 1 }] })
      for (let i = 0; i < 10; i++) {
        assert(enter(limiter, '127.0.0.1') !== undefined)
        assert(enter(limiter, '::1') !== undefined)
      }
      for (const [one, other] of [['1.2.3.4', '4.3.2.1'], ['2001:db8::1', 'fe80::1']] as const) {
        assert(enter(limiter, one) !== undefined)
        assert.equal(enter(limiter, other), undefined)
      }
    })
  })

  it('FuzzConnLimiter: whoever comes and goes in whatever order, no limit is passed and nothing is left at the end', () => {
    const address = fc.oneof(fc.nat(3).map(i => `10.0.0.${i}`), fc.nat(3).map(i => `2001:db8:${i % 2}:${i * 128}::${i}`), fc.constant('::ffff:10.0.0.1'), fc.constant('127.0.0.1'), fc.constant('10.9.0.1'))
    fc.assert(fc.property(fc.array(fc.record({ address, leaves: fc.boolean(), at: fc.nat() }), { maxLength: 200 }), steps => {
      const limiter = new SubnetLimiter({
        v4: [{ prefixLength: 32, conns: 2 }, { prefixLength: 30, conns: 5 }],
        v6: [{ prefixLength: 56, conns: 2 }, { prefixLength: 48, conns: 3 }],
        networks: [{ network: '10.9.0.0/16', conns: 1 }, { network: '127.0.0.0/8', conns: Infinity }]
      })
      const inside: { address: string, leave (): void }[] = []
      for (const { address, leaves, at } of steps) {
        if (leaves) {
          inside.splice(at % (inside.length + 1), 1)[0]?.leave()
          continue
        }
        const entered = enter(limiter, address)
        if (entered !== undefined) inside.push({ address, leave: entered.leave })
        const count = (prefix: string): number => inside.filter(each => each.address.replace('::ffff:', '').startsWith(prefix)).length
        assert(count('10.0.0.') <= 5 && count('2001:db8:0') <= 3 && count('2001:db8:1') <= 3 && count('10.9') <= 1)
        for (let i = 0; i < 4; i++) assert(count(`10.0.0.${i}`) <= 2)
      }
      for (const each of inside) each.leave()
      assert.equal(limiter.numSubnets, 0)
      for (let i = 0; i < 2; i++) assert(enter(limiter, '10.0.0.1') !== undefined, 'all room is there again')
    }))
  })

  it('TestSortedNetworkPrefixLimits: the most specific network decides alone', () => {
    const limiter = limiterOf({
      v4: [{ prefixLength: 32, conns: 1 }],
      networks: [{ network: '1.2.0.0/16', conns: 3 }, { network: '1.2.3.4/32', conns: 1 }, { network: '1.2.3.0/28', conns: 2 }]
    })
    for (const [address, room] of [['1.2.3.4', 1], ['1.2.3.5', 2], ['1.2.9.9', 3], ['9.9.9.9', 1]] as const) {
      for (let i = 0; i < room; i++) assert(enter(limiter, address) !== undefined, address)
      assert.equal(enter(limiter, address), undefined, address)
    }
    assert.deepEqual(limiter.of(ip('1.2.3.6'), false)?.refusal()?.scope, { kind: 'subnet', prefix: '1.2.3.0/28' })
  })

  it('holds an entry for each subnet with connections and no other', () => {
    const limiter = new SubnetLimiter(SUBNET_LIMIT_DEFAULTS)
    assert.equal(limiter.isEmpty, false)
    for (let i = 0; i < 1_000; i++) limiter.of(ip(`2001:db8:${i.toString(16)}::`), false)
    assert.equal(limiter.numSubnets, 0, 'asking is not entering')
    const inside = Array.from({ length: 1_000 }, (_, i) => enter(limiter, `2001:db8:${i.toString(16)}::`))
    assert.equal(limiter.numSubnets, 2_000)
    for (const each of inside) each?.leave()
    assert.equal(limiter.numSubnets, 0)
    assert(limiterOf({ v4: [{ prefixLength: 32, conns: Infinity }], networks: [{ network: '127.0.0.0/8', conns: Infinity }] }).isEmpty)
  })
})
