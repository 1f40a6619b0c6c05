import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { samplePeer } from '@weir/compliance'
import { AllowlistTable } from '../src/allowlist.ts'
import { AllowlistAddrError } from '../src/index.ts'

const peerA = samplePeer(1)
const peerB = samplePeer(2)

describe('Allowlist', () => {
  it('TestAllowedSimple: addresses, networks, and what is neither', () => {
    const list = new AllowlistTable(['/ip4/1.2.3.4', '/ip4/2.2.3.4/tcp/1', '/ip4/10.1.0.0/ipcidr/16', '/ip6/2001:db8::/ipcidr/33'])
    for (const addr of ['/ip4/1.2.3.4/tcp/1', '/ip4/1.2.3.4/udp/9', '/ip4/2.2.3.4/tcp/77', '/ip4/10.1.255.255/tcp/1', '/ip6/2001:db8:7fff::1/tcp/1', '/ip6/::ffff:1.2.3.4/tcp/1']) {
      assert(list.allowed(multiaddr(addr)), addr)
      assert(list.allowedPeer(peerA, multiaddr(addr)), addr)
    }
    for (const addr of ['/ip4/1.2.3.5/tcp/1', '/ip4/10.2.0.0/tcp/1', '/ip6/2001:db8:8000::1/tcp/1', '/dns4/example.org/tcp/1', '/memory/1', '/ip6/102:304::/tcp/1']) {
      assert(!list.allowed(multiaddr(addr)), addr)
      assert(!list.allowedPeer(peerA, multiaddr(addr)), addr)
    }
  })

  describe('TestAllowedWithPeer', () => {
    const rows: { name: string, entries: string[], addr: string, allowed: boolean, ofA: boolean }[] = [
      { name: 'nothing on the list', entries: [], addr: '1.2.3.4', allowed: false, ofA: false },
      { name: 'the address, any peer', entries: ['/ip4/1.2.3.4'], addr: '1.2.3.4', allowed: true, ofA: true },
      { name: 'the address, this peer', entries: [`/ip4/1.2.3.4/p2p/${peerA}`], addr: '1.2.3.4', allowed: true, ofA: true },
      { name: 'the address, another peer', entries: [`/ip4/1.2.3.4/p2p/${peerB}`], addr: '1.2.3.4', allowed: true, ofA: false },
      { name: 'another address, this peer', entries: [`/ip4/1.2.3.4/p2p/${peerA}`], addr: '1.2.3.5', allowed: false, ofA: false },
      { name: 'the network, any peer', entries: ['/ip4/1.2.3.0/ipcidr/24'], addr: '1.2.3.4', allowed: true, ofA: true },
      { name: 'the network, this peer', entries: [`/ip4/1.2.3.0/ipcidr/24/p2p/${peerA}`], addr: '1.2.3.4', allowed: true, ofA: true },
      { name: 'the network, another peer', entries: [`/ip4/1.2.3.0/ipcidr/24/p2p/${peerB}`], addr: '1.2.3.4', allowed: true, ofA: false },
      { name: 'everybody', entries: ['/ip4/0.0.0.0/ipcidr/0'], addr: '1.2.3.4', allowed: true, ofA: true },
      { name: 'version 6 is another world', entries: ['/ip4/0.0.0.0/ipcidr/0'], addr: '2001:db8::1', allowed: false, ofA: false },
      { name: 'two entries, one of them this peer', entries: [`/ip4/1.2.3.4/p2p/${peerB}`, `/ip4/1.2.3.4/p2p/${peerA}`, `/ip4/1.2.3.4/p2p/${peerA}`], addr: '1.2.3.4', allowed: true, ofA: true }
    ]
    for (const { name, entries, addr, allowed, ofA } of rows) {
      it(name, () => {
        const list = new AllowlistTable(entries)
        const at = multiaddr(addr.includes(':') ? `/ip6/${addr}/tcp/1` : `/ip4/${addr}/tcp/1`)
        assert.deepEqual([list.allowed(at), list.allowedPeer(peerA, at)], [allowed, ofA])
      })
    }
  })

  describe('TestRemoved', () => {
    for (const entry of ['/ip4/1.2.3.4', `/ip4/1.2.3.4/p2p/${peerA}`, '/ip4/1.2.3.0/ipcidr/24', `/ip4/1.2.3.0/ipcidr/24/p2p/${peerA}`]) {
      it(entry, () => {
        const list = new AllowlistTable([])
        const at = multiaddr('/ip4/1.2.3.4/tcp/1')
        list.add(entry)
        assert(list.allowed(at) && list.allowedPeer(peerA, at))
        assert.equal(list.remove(entry), true)
        assert(!list.allowed(at) && !list.allowedPeer(peerA, at))
        assert.equal(list.remove(entry), false)
        assert.deepEqual([list.size, list.entries()], [0, []])
      })
    }
  })

  it('what was added twice is removed twice', () => {
    const list = new AllowlistTable([])
    const at = multiaddr('/ip4/1.2.3.4/tcp/1')
    for (const entry of ['/ip4/1.2.3.4', '/ip4/1.2.3.4/tcp/99', `/ip4/1.2.3.4/p2p/${peerA}`, `/ip4/1.2.3.4/p2p/${peerA}`]) list.add(entry)
    assert.deepEqual(list.entries().map(({ network, peer }) => `${network} ${peer}`), ['1.2.3.4/32 undefined', '1.2.3.4/32 undefined', `1.2.3.4/32 ${peerA}`, `1.2.3.4/32 ${peerA}`])
    list.remove('/ip4/1.2.3.4')
    assert(list.allowedPeer(peerB, at))
    list.remove('/ip4/1.2.3.4')
    assert(!list.allowedPeer(peerB, at) && list.allowedPeer(peerA, at))
    list.remove(`/ip4/1.2.3.4/p2p/${peerA}`)
    assert(list.allowedPeer(peerA, at))
    list.remove(`/ip4/1.2.3.4/p2p/${peerA}`)
    assert(!list.allowed(at))
  })

  it('takes version 4 in the form of version 6, and a peer in either of its forms', () => {
    const list = new AllowlistTable(['/ip6/::ffff:1.2.3.0/ipcidr/120', '/ip4/5.6.7.8/p2p/bafzaajaiaejcatdmxnt67pn2zk2ncwbgzuwhg2ma5kpcbghc7nhcdoeuxbbhxxyb'])
    assert(list.allowed(multiaddr('/ip4/1.2.3.99/tcp/1')))
    assert.match(list.entries()[1]?.peer ?? '', /^12D3KooW/)
  })

  for (const entry of ['', '/tcp/1', `/p2p/${peerA}`, '/dns4/example.org', '1.2.3.4', '/ip4/1.2.3.4/ipcidr/33', '/ip6/::ffff:1.2.3.4/ipcidr/95', '/ip4/1.2.3.4/p2p/nobody', '/ip4/1.2.3.400']) {
    it(`refuses the entry '${entry}'`, () => {
      const list = new AllowlistTable([])
      assert.throws(() => { list.add(entry) }, AllowlistAddrError.is)
      assert.throws(() => list.remove(entry), (error: unknown) => AllowlistAddrError.is(error) && error.addr === entry)
      assert.equal(list.size, 0)
    })
  }

  it('is full at some time', () => {
    const list = new AllowlistTable([])
    for (let i = 0; i < 100_000; i++) list.add('/ip4/1.2.3.4')
    assert.throws(() => { list.add('/ip4/1.2.3.4') }, RangeError)
  }).timeout(20_000)
})
