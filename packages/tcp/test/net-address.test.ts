import assert from 'node:assert/strict'
import { SocketAddress } from 'node:net'
import { multiaddr } from '@multiformats/multiaddr'
import fc from 'fast-check'
import { TcpAddressError } from '../src/index.ts'
import { connectOptions, isDialable, isListenable, listenOptions, multiaddrOf } from '../src/net-address.ts'

const PEER = '12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5'

describe('net addresses', () => {
  const dialable: [string, object][] = [
    ['/ip4/192.0.2.1/tcp/4001', { host: '192.0.2.1', port: 4001, family: 4 }],
    [`/ip4/192.0.2.1/tcp/4001/p2p/${PEER}`, { host: '192.0.2.1', port: 4001, family: 4 }],
    ['/ip6/2001:db8::1/tcp/1', { host: '2001:db8::1', port: 1, family: 6 }],
    ['/ip6zone/eth0/ip6/fe80::1/tcp/1', { host: 'fe80::1%eth0', port: 1, family: 6 }],
    ['/dns4/example.org/tcp/1', { host: 'example.org', port: 1, family: 4 }],
    ['/dns6/example.org/tcp/1', { host: 'example.org', port: 1, family: 6 }],
    ['/dns/example.org/tcp/1', { host: 'example.org', port: 1, family: 0 }]
  ]
  for (const [addr, options] of dialable) {
    it(`dials ${addr}`, () => {
      assert.ok(isDialable(multiaddr(addr)))
      assert.deepEqual(connectOptions(multiaddr(addr)), options)
    })
  }

  const refused = [
    '/ip4/192.0.2.1/udp/4001', '/ip4/192.0.2.1/udp/4001/utp', '/ip4/192.0.2.1', '/ip4/192.0.2.1/tcp/4001/ws', `/ip4/192.0.2.1/tcp/4001/p2p/${PEER}/p2p-circuit`, '/dnsaddr/example.org/tcp/1',
    '/unix/%2Ftmp%2Fsocket', '/ip4/192.0.2.0/ipcidr/24/tcp/1', `/p2p/${PEER}`, '/tcp/1', '/ip6zone/eth0/dns6/example.org/tcp/1', '/memory/1'
  ]
  // Go's tcp: CantListenUtp. Its CantDialDNS is another matter: ours resolves names itself.
  for (const addr of refused) {
    it(`neither dials nor listens on ${addr}`, () => {
      assert.ok(!isDialable(multiaddr(addr)))
      assert.ok(!isListenable(multiaddr(addr)))
      assert.throws(() => connectOptions(multiaddr(addr)), (error: unknown) => TcpAddressError.is(error) && error.purpose === 'dial' && error.addr.toString() === multiaddr(addr).toString())
      assert.throws(() => listenOptions(multiaddr(addr)), (error: unknown) => TcpAddressError.is(error) && error.purpose === 'listen')
    })
  }

  it('listens on IP addresses, on IPv6 without IPv4, and not on names', () => {
    assert.deepEqual(listenOptions(multiaddr('/ip4/0.0.0.0/tcp/0')), { host: '0.0.0.0', port: 0, ipv6Only: false })
    assert.deepEqual(listenOptions(multiaddr('/ip6/::/tcp/0')), { host: '::', port: 0, ipv6Only: true })
    assert.deepEqual(listenOptions(multiaddr('/ip6zone/lo/ip6/fe80::1/tcp/0')), { host: 'fe80::1%lo', port: 0, ipv6Only: true })
    assert.ok(!isListenable(multiaddr('/dns4/localhost/tcp/0')))
    assert.throws(() => listenOptions(multiaddr('/dns4/localhost/tcp/0')), TcpAddressError)
  })

  it('writes the ends of a socket as addresses: plain, mapped, with a zone', () => {
    assert.equal(multiaddrOf('192.0.2.1', 1).toString(), '/ip4/192.0.2.1/tcp/1')
    assert.equal(multiaddrOf('::ffff:192.0.2.1', 2).toString(), '/ip4/192.0.2.1/tcp/2')
    assert.equal(multiaddrOf('2001:db8::1', 3).toString(), '/ip6/2001:db8::1/tcp/3')
    assert.equal(multiaddrOf('fe80::1%eth0', 4).toString(), '/ip6zone/eth0/ip6/fe80::1/tcp/4')
  })

  it('an address that was made is the one that is parsed, and dials where it came from', () => {
    fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 0, max: 65_535 }), (host, port) => {
      const made = multiaddrOf(new SocketAddress({ address: host, family: host.includes(':') ? 'ipv6' : 'ipv4' }).address, port)
      assert.ok(made.equals(multiaddr(made.toString())))
      assert.ok(multiaddrOf(connectOptions(made).host as string, port).equals(made))
    }))
  })
})
