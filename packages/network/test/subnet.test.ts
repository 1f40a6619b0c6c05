import assert from 'node:assert/strict'
import { BlockList } from 'node:net'
import fc from 'fast-check'
import { type IpAddress, parseIpAddress } from '../src/ip-address.ts'
import { parseSubnet, subnetHas, subnetKey, subnetOf, subnetText } from '../src/subnet.ts'

const ipv4 = fc.ipV4()
const ipv6 = fc.ipV6().filter(text => !text.includes('.')) // of mapped and embedded forms there are tests by hand

function ip (text: string): IpAddress {
  const address = parseIpAddress(text)
  assert(address !== undefined)
  return address
}

describe('subnets', () => {
  it('a subnet has what the runtime says it has', () => {
    fc.assert(fc.property(fc.oneof(fc.tuple(ipv4, ipv4, fc.nat(32)), fc.tuple(ipv6, ipv6, fc.nat(128)), fc.tuple(ipv4, fc.constant('10.1.2.3'), fc.nat(8))), ([network, host, prefixLength]) => {
      const family = network.includes(':') ? 'ipv6' : 'ipv4'
      const list = new BlockList()
      list.addSubnet(network, prefixLength, family)
      const subnet = parseSubnet(`${network}/${prefixLength}`)
      assert.equal(subnetHas(subnet, ip(host)), list.check(host, family))
      assert(subnetHas(subnet, ip(network)))
    }))
  })

  it('keys are equal where subnets are, and only there', () => {
    fc.assert(fc.property(fc.oneof(fc.tuple(ipv4, ipv4, fc.nat(32)), fc.tuple(ipv6, ipv6, fc.nat(128)), fc.tuple(ipv6.map(text => `2001:db8::${text.split(':').pop()}`), fc.constant('2001:db8::1'), fc.integer({ min: 100, max: 128 }))), ([one, other, prefixLength]) => {
      const [a, b] = [ip(one), ip(other)]
      assert.equal(subnetKey(a, prefixLength) === subnetKey(b, prefixLength), subnetHas(subnetOf(a, prefixLength), b))
    }), { numRuns: 1_000 })
  })

  it('keys tell apart what differs in the last bit of the prefix, and nothing behind it', () => {
    for (const [text, bits] of [['10.20.30.40', 32], ['2001:db8:1234:5678:9abc:def0:1234:5678', 128]] as const) {
      for (let prefixLength = 0; prefixLength <= bits; prefixLength++) {
        for (let bit = 0; bit < bits; bit++) {
          const address = ip(text)
          const word = (['a', 'b', 'c', 'd'] as const)[bit >> 5] ?? 'a'
          const flipped = { ...address, [word]: address[word] ^ (1 << (31 - (bit & 31))) }
          assert.equal(subnetHas(subnetOf(address, prefixLength), flipped), bit >= prefixLength)
          assert.equal(subnetKey(flipped, prefixLength) === subnetKey(address, prefixLength), bit >= prefixLength, `bit ${bit} of /${prefixLength}`)
        }
      }
    }
  })

  it('a subnet has a text, and is read from it', () => {
    for (const [text, read] of [['10.1.2.3/8', '10.0.0.0/8'], ['10.1.2.3', '10.1.2.3/32'], ['0.0.0.0/0', '0.0.0.0/0'], ['2001:db8:ff::/33', '2001:db8::/33'], ['::ffff:10.0.0.0/104', '10.0.0.0/8']] as const) {
      assert.equal(subnetText(parseSubnet(text)), read)
      assert.equal(subnetText(parseSubnet(read)), read)
    }
    for (const text of ['', 'example.org/8', '10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/8/9', '10.0.0.0/-1', '10.0.0.0/1e1', '::ffff:10.0.0.0/95', '10.0.0']) assert.throws(() => parseSubnet(text), RangeError, text)
  })
})
