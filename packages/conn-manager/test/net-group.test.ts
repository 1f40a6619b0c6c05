import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { netGroup } from '../src/index.ts'

describe('netGroup', () => {
  const groups: [addr: string, group: string][] = [
    ['/ip4/192.0.2.1/tcp/4001', '192.0.0.0/16'],
    ['/ip4/192.0.77.9/udp/1/quic-v1', '192.0.0.0/16'],
    ['/ip4/192.1.2.1/tcp/4001', '192.1.0.0/16'],
    ['/ip6/2001:db8:1::1/tcp/4001', '2001:db8::/32'],
    ['/ip6/2001:db8:ffff:1:2:3:4:5/tcp/4001', '2001:db8::/32'],
    ['/ip6/2001:db9::1/tcp/4001', '2001:db9::/32'],
    ['/ip6/::1/tcp/4001', '0:0::/32'],
    ['/ip6/::/tcp/4001', '0:0::/32'],
    ['/ip6/2a00::/tcp/4001', '2a00:0::/32'],
    ['/ip6/::ffff:192.0.2.1/tcp/4001', '192.0.0.0/16'],
    ['/ip6/::ffff:c000:0201/tcp/4001', '192.0.0.0/16'],
    ['/ip6zone/eth0/ip6/fe80::1/tcp/4001', 'fe80:0::/32'],
    ['/dns4/example.org/tcp/4001', ''],
    ['/memory/1', ''],
    ['/ip4/192.0.2.1/tcp/4001/p2p/12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5/p2p-circuit', '192.0.0.0/16']
  ]
  for (const [addr, group] of groups) {
    it(`${addr} is in ${group === '' ? 'no part of the net' : group}`, () => { assert.equal(netGroup(multiaddr(addr)), group) })
  }
})
