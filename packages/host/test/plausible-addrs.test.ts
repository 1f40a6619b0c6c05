import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { plausibleAddrs } from '../src/plausible-addrs.ts'

const LOOPBACK = ['/ip4/127.0.0.1/tcp/1', '/ip6/::1/tcp/1', '/ip4/127.8.8.8/tcp/1', '/ip6/::ffff:7f00:1/tcp/1']
const PRIVATE = ['/ip4/10.1.2.3/tcp/1', '/ip4/192.168.1.1/tcp/1', '/ip4/172.31.0.1/tcp/1', '/ip4/169.254.169.254/tcp/1', '/ip4/100.64.0.1/tcp/1', '/ip6/fd00::1/tcp/1', '/ip6/fe80::1/tcp/1', '/ip4/0.0.0.0/tcp/1', '/ip6/::/tcp/1', '/ip4/224.0.0.251/tcp/1']
const PUBLIC = ['/ip4/1.1.1.1/tcp/1', '/ip4/172.32.0.1/tcp/1', '/ip6/2606:4700::1111/tcp/1', '/dns4/example.org/tcp/1']
const ALL = [...LOOPBACK, ...PRIVATE, ...PUBLIC].map(text => multiaddr(text))

const seenAt = (where: string): string[] => plausibleAddrs(ALL, multiaddr(where)).map(String)

describe('plausibleAddrs', () => {
  it('keeps all from a peer on this machine', () => {
    assert.equal(seenAt('/ip4/127.0.0.1/tcp/5').length, ALL.length)
  })

  it('keeps no loopback address from a peer of our network', () => {
    assert.deepEqual(seenAt('/ip4/192.168.1.7/tcp/5'), [...PRIVATE, ...PUBLIC].map(text => String(multiaddr(text))))
  })

  it('keeps public addresses alone from a peer of the internet', () => {
    assert.deepEqual(seenAt('/ip4/1.2.3.4/tcp/5'), PUBLIC.map(text => String(multiaddr(text))))
  })
})
