import assert from 'node:assert/strict'
import { isIP, SocketAddress } from 'node:net'
import { multiaddr } from '@multiformats/multiaddr'
import fc from 'fast-check'
import { type IpAddress, ipAddressOf, ipAddressText, parseIpAddress } from '../src/ip-address.ts'

/** How the runtime writes an address of version 6, from all its groups in full. */
function runtimeText (groups: readonly number[]): string {
  return new SocketAddress({ address: groups.map(group => group.toString(16)).join(':'), family: 'ipv6' }).address
}

describe('IP addresses', () => {
  for (const [addr, text] of [
    ['/ip4/192.0.2.255/tcp/1', '192.0.2.255'],
    ['/ip4/255.255.255.255', '255.255.255.255'],
    ['/ip6/::ffff:192.0.2.1/tcp/1', '192.0.2.1'],
    ['/ip6/2001:db8::1/udp/1/quic-v1', '2001:db8::1'],
    ['/ip6zone/eth0/ip6/fe80::1/tcp/1', 'fe80::1'],
    ['/ip4/192.0.2.1/tcp/1/p2p/12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5/p2p-circuit', '192.0.2.1']
  ] as const) {
    it(`${addr} is ${text}`, () => {
      assert.equal(ipAddressText(ipAddressOf(multiaddr(addr)) as IpAddress), text)
      assert.equal(ipAddressText(ipAddressOf(multiaddr(multiaddr(addr).bytes)) as IpAddress), text)
    })
  }

  for (const addr of ['/dns4/example.org/tcp/1', '/memory/1', '/unix/%2Ftmp%2Fsocket', '/', '/tcp/1', '/ip6zone/eth0']) {
    it(`${addr} has no IP`, () => { assert.equal(ipAddressOf(multiaddr(addr)), undefined) })
  }

  it('reads what the runtime takes for an address, and nothing else', () => {
    const piece = fc.constantFrom('0', '1', 'ffff', 'FF', '255', '256', '01', 'g', '12345', ':', '::', '.', '%', '%eth0', '1.2.3.4', '', ' ', '-1')
    const texts = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), fc.array(piece, { maxLength: 14 }).map(parts => parts.join('')), fc.array(piece, { maxLength: 9 }).map(parts => parts.join(':')))
    fc.assert(fc.property(texts.filter(text => /^[^%]*(%[\w.:-]+)?$/.test(text)), text => { // of zones the runtime takes only some
      assert.equal(parseIpAddress(text) !== undefined, isIP(text) !== 0, text)
    }), { numRuns: 5_000 })
  })

  it('writes version 6 as the runtime does, and reads it back', () => {
    const group = fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 0, max: 0xffff }))
    fc.assert(fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), groups => {
      const address = parseIpAddress(groups.map(each => each.toString(16)).join(':')) as IpAddress
      const text = ipAddressText(address)
      if (address.version === 6 && groups.slice(0, 6).some(each => each !== 0)) assert.equal(text, runtimeText(groups)) // it writes the last word as version 4 otherwise
      assert.deepEqual(parseIpAddress(text), address)
    }), { numRuns: 1_000 })
  })

  for (const [text, canonical] of [
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'], ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'], ['::', '::'], ['::1', '::1'], ['1::', '1::'], ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:c000:201', '192.0.2.1'], ['::FFFF:192.0.2.1', '192.0.2.1'], ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'], ['0:0:0:0:0:ffff:192.0.2.1%lo', '192.0.2.1'], ['255.255.255.255', '255.255.255.255']
  ] as const) {
    it(`${text} is ${canonical}`, () => { assert.equal(ipAddressText(parseIpAddress(text) as IpAddress), canonical) })
  }

  for (const text of ['', '1.2.3', '1.2.3.4.5', '1.2.3.256', '1.2.3.04', '1..2.3', '.1.2.3', '1.2.3.', ':', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7::8', '12345::', '1.2.3.4::', '::1.2.3', '::%', 'fe80::1%', '1:', ':1', `::${'0'.repeat(300)}1`]) {
    it(`${JSON.stringify(text.slice(0, 40))} is no address`, () => { assert.equal(parseIpAddress(text), undefined) })
  }
})
