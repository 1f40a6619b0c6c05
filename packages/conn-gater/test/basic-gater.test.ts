import assert from 'node:assert/strict'
import { fakeConn, ManualClock } from '@weir/compliance'
import { ALLOW, isDenial } from '@weir/network'
import { MemoryDatastore } from 'datastore-core'
import { type BasicGater, createBasicGater } from '../src/index.ts'
import { keysOf } from './keys-of.ts'
import { addrOf, alice, bob, from, ruleOf } from './peers.ts'

/** What each hook of Go's test says of two peers and three addresses. */
function verdicts (gater: BasicGater): Record<string, string> {
  return {
    dialA: ruleOf(gater.interceptPeerDial(alice)),
    dialB: ruleOf(gater.interceptPeerDial(bob)),
    securedA: ruleOf(gater.interceptSecured('inbound', alice, from('2.3.4.5'))),
    securedB: ruleOf(gater.interceptSecured('inbound', bob, from('2.3.4.5'))),
    dial1: ruleOf(gater.interceptAddrDial(bob, addrOf('1.2.3.4'))),
    dial2: ruleOf(gater.interceptAddrDial(bob, addrOf('1.2.3.5'))),
    dial3: ruleOf(gater.interceptAddrDial(bob, addrOf('2.3.4.5'))),
    accept1: ruleOf(gater.interceptAccept(from('1.2.3.4'))),
    accept2: ruleOf(gater.interceptAccept(from('1.2.3.5'))),
    accept3: ruleOf(gater.interceptAccept(from('2.3.4.5'))),
    upgraded: ruleOf(gater.interceptUpgraded(fakeConn({ id: '1', remotePeer: alice })))
  }
}

const NOTHING = { dialA: 'allow', dialB: 'allow', securedA: 'allow', securedB: 'allow', dial1: 'allow', dial2: 'allow', dial3: 'allow', accept1: 'allow', accept2: 'allow', accept3: 'allow', upgraded: 'allow' }
const PEER = { dialA: 'blocked-peer', securedA: 'blocked-peer' }
const ADDR = { dial1: 'blocked-addr', accept1: 'blocked-addr' }
const SUBNET = { dial2: 'blocked-subnet', accept2: 'blocked-subnet' }

describe('BasicGater', () => {
  let clock: ManualClock

  beforeEach(() => { clock = new ManualClock() })
  afterEach(() => { assert.equal(clock.pendingTimers, 0) })

  it('TestConnectionGater', async () => {
    const datastore = new MemoryDatastore()
    {
      await using gater = await createBasicGater({ datastore, clock })
      assert.deepEqual(verdicts(gater), NOTHING)
      await gater.blockPeer(alice)
      assert.deepEqual(verdicts(gater), { ...NOTHING, ...PEER })
      await gater.blockAddr('1.2.3.4')
      assert.deepEqual(verdicts(gater), { ...NOTHING, ...PEER, ...ADDR })
      await gater.blockSubnet('1.2.3.0/24')
      assert.deepEqual(verdicts(gater), { ...NOTHING, ...PEER, ...ADDR, ...SUBNET })
    }
    {
      await using gater = await createBasicGater({ datastore, clock })
      assert.deepEqual([gater.listBlockedPeers(), gater.listBlockedAddrs(), gater.listBlockedSubnets()].map(list => list.map(({ key }) => key)), [[alice.toString()], ['1.2.3.4'], ['1.2.3.0/24']])
      assert.deepEqual(verdicts(gater), { ...NOTHING, ...PEER, ...ADDR, ...SUBNET })
      assert.deepEqual([await gater.unblockPeer(alice), await gater.unblockAddr('1.2.3.4'), await gater.unblockSubnet('1.2.3.0/24')], [true, true, true])
      assert.deepEqual(verdicts(gater), NOTHING)
    }
    await using gater = await createBasicGater({ datastore, clock })
    assert.deepEqual(verdicts(gater), NOTHING)
    assert.deepEqual(gater.loadReport, { numLoaded: 0, numOver: 0, numCorrupt: 0, corrupt: [] })
  })

  it('a blocked peer is denied in both directions, unlike in Go', async () => {
    await using gater = await createBasicGater({ clock })
    await gater.blockPeer(alice.toString())
    assert.equal(ruleOf(gater.interceptSecured('outbound', alice, from('2.3.4.5'))), 'blocked-peer')
  })

  it('says who is denied, why and until when, with a code of its own', async () => {
    await using gater = await createBasicGater({ clock })
    await gater.blockPeer(alice, { reason: 'sent garbage', untilMs: clock.wallMs() + 1_000 })
    await gater.blockAddr('::ffff:192.0.2.1')
    await gater.blockSubnet('2001:DB8::/32', { reason: 'an attack', untilMs: 1e300 })
    const peer = gater.interceptPeerDial(alice)
    const addr = gater.interceptAccept(from('192.0.2.1'))
    const subnet = gater.interceptAccept(from('2001:db8::1'))
    assert(isDenial(peer) && isDenial(addr) && isDenial(subnet))
    assert.deepEqual([peer.code, addr.code, subnet.code], ['BLOCKED_PEER', 'BLOCKED_ADDR', 'BLOCKED_SUBNET'])
    assert.equal(peer.message, `peer ${alice} is blocked: sent garbage, until ${new Date(clock.wallMs() + 1_000).toISOString()}`)
    assert.equal(addr.message, 'address 192.0.2.1 is blocked, until it is taken back')
    assert.equal(subnet.message, 'address 2001:db8::1 of 2001:db8::/32 is blocked: an attack, until 1e+300 ms')
    assert.deepEqual(gater.stat().refusals, { 'blocked-peer': 1, 'blocked-addr': 1, 'blocked-subnet': 1 })
  })

  it('an entry ends exactly at its time, and the sweep takes it out, of the datastore too, with one timer', async () => {
    const datastore = new MemoryDatastore()
    await using gater = await createBasicGater({ datastore, clock, sweepBatch: 2 })
    for (let i = 0; i < 5; i++) await gater.blockAddr(`192.0.2.${i}`, { ttlMs: 1_000 })
    await gater.blockAddr('192.0.2.9')
    await gater.blockPeer(alice, { ttlMs: 1_000 })
    await gater.trustSubnet('198.51.100.0/24', { ttlMs: 1_000 })
    assert.equal(clock.pendingTimers, 1)
    clock.advance(999)
    assert.equal(ruleOf(gater.interceptAccept(from('192.0.2.1'))), 'blocked-addr')
    clock.advance(1)
    assert.equal(ruleOf(gater.interceptAccept(from('192.0.2.1'))), 'allow')
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'allow')
    assert.deepEqual([gater.listBlockedPeers(), gater.listBlockedAddrs().map(({ key }) => key), gater.listTrustedSubnets()], [[], ['192.0.2.9'], []])
    assert.deepEqual([gater.stat().blocked.addrs, keysOf(datastore).length], [6, 8])
    await clock.advanceAsync(61_000)
    assert.deepEqual([gater.stat().blocked, gater.stat().trusted], [{ peers: 0, addrs: 1, subnets: 0, automatic: 0 }, { peers: 0, addrs: 0, subnets: 0, automatic: 0 }])
    assert.deepEqual(keysOf(datastore), ['/libp2p/net/conngater/addr/192.0.2.9'])
    assert.equal(clock.pendingTimers, 0) // nothing is left that ends
  })

  it('what is over is not loaded, and deleted', async () => {
    const datastore = new MemoryDatastore()
    {
      await using gater = await createBasicGater({ datastore, clock })
      await gater.blockPeer(alice, { ttlMs: 1_000, reason: 'x' })
      await gater.blockPeer(bob, { ttlMs: 2_000 })
    }
    clock.advance(1_000)
    await using gater = await createBasicGater({ datastore, clock })
    assert.deepEqual(gater.loadReport, { numLoaded: 1, numOver: 1, numCorrupt: 0, corrupt: [] })
    assert.deepEqual(gater.listBlockedPeers(), [{ key: bob.toString(), kind: 'manual', reason: '', untilMs: clock.wallMs() + 1_000 }])
    assert.equal(keysOf(datastore).length, 1)
    assert.equal(clock.pendingTimers, 1) // of what was loaded, the end is looked for too
  })

  it('trust wins: a trusted peer over everything, a trusted address or subnet over addresses only', async () => {
    const datastore = new MemoryDatastore()
    await using gater = await createBasicGater({ datastore, clock })
    await gater.blockPeer(alice)
    await gater.blockAddr('1.2.3.4')
    await gater.blockSubnet('2001:db8::/32')
    await gater.trustPeer(alice)
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'allow')
    assert.equal(ruleOf(gater.interceptAddrDial(alice, addrOf('1.2.3.4'))), 'allow')
    assert.equal(ruleOf(gater.interceptSecured('inbound', alice, from('1.2.3.4'))), 'allow')
    assert.equal(ruleOf(gater.interceptAccept(from('1.2.3.4'))), 'blocked-addr') // nobody has said who they are
    assert.equal(ruleOf(gater.interceptAddrDial(bob, addrOf('1.2.3.4'))), 'blocked-addr')
    await gater.untrustPeer(alice)
    await gater.trustAddr('1.2.3.4')
    await gater.trustSubnet('2001:db8:1::/48')
    assert.equal(ruleOf(gater.interceptAccept(from('1.2.3.4'))), 'allow')
    assert.equal(ruleOf(gater.interceptAccept(from('2001:db8:1::1'))), 'allow')
    assert.equal(ruleOf(gater.interceptAccept(from('2001:db8:2::1'))), 'blocked-subnet')
    assert.equal(ruleOf(gater.interceptSecured('inbound', alice, from('1.2.3.4'))), 'blocked-peer')
    await using again = await createBasicGater({ datastore, clock })
    assert.deepEqual([again.listTrustedPeers(), again.listTrustedAddrs().map(({ key }) => key), again.listTrustedSubnets().map(({ key }) => key)], [[], ['1.2.3.4'], ['2001:db8:1::/48']])
    assert.deepEqual([await again.untrustAddr('1.2.3.4'), await again.untrustSubnet('2001:db8:1::/48'), await again.untrustSubnet('2001:db8:1::/48')], [true, true, false])
    assert.equal(ruleOf(again.interceptAccept(from('1.2.3.4'))), 'blocked-addr')
  })

  it('judges a relayed address by the relay, and lets names and what has no IP pass', async () => {
    await using gater = await createBasicGater({ clock })
    await gater.blockAddr('1.2.3.4')
    assert.equal(ruleOf(gater.interceptAddrDial(bob, addrOf(`/ip4/1.2.3.4/tcp/1/p2p/${alice}/p2p-circuit/p2p/${bob}`))), 'blocked-addr')
    for (const addr of ['/dns4/example.org/tcp/1', '/memory/1', '/p2p-circuit']) assert.equal(ruleOf(gater.interceptAddrDial(bob, addrOf(addr))), 'allow')
  })

  it('takes peers that are not libp2p\'s, whatever their text', async () => {
    const datastore = new MemoryDatastore()
    const texts = ['idtBmEQC9K2gXoKZ7mJ3ZK5c3oVEGG', '__proto__', 'a/b', '/', '..', '%2F', 'ü💧', ' ']
    {
      await using gater = await createBasicGater({ datastore, clock })
      for (const text of texts) await gater.blockPeer({ type: 'tezos', toString: () => text })
    }
    await using gater = await createBasicGater({ datastore, clock })
    assert.deepEqual(gater.listBlockedPeers().map(({ key }) => key).sort(), texts.toSorted())
    assert.equal(ruleOf(gater.interceptPeerDial({ type: 'tezos', toString: () => 'a/b' })), 'blocked-peer')
  })

  it('replaces an entry by a later one', async () => {
    await using gater = await createBasicGater({ clock })
    await gater.blockAddr('fe80::1%eth0', { reason: 'first', ttlMs: 10 })
    await gater.blockAddr('fe80::1', { reason: 'second' })
    assert.deepEqual(gater.listBlockedAddrs(), [{ key: 'fe80::1', kind: 'manual', reason: 'second', untilMs: Infinity }])
    assert.deepEqual(gater.blockedAddr('fe80::1%wlan0'), { kind: 'manual', reason: 'second', untilMs: Infinity })
    assert.deepEqual([gater.blockedPeer(alice), await gater.unblockPeer(alice)], [undefined, false])
    assert.equal(ruleOf(gater.interceptAccept(from('/ip6zone/lo/ip6/fe80::1/tcp/1'))), 'blocked-addr')
    await clock.advanceAsync(60_000)
    assert.equal(gater.stat().blocked.addrs, 1)
  })

  it('refuses what cannot be meant', async () => {
    await assert.rejects(createBasicGater({ maxBlockedPeer: 1 } as never), TypeError)
    for (const wrong of [0, 1.5, Number.NaN, Infinity, '1']) await assert.rejects(createBasicGater({ maxTrusted: wrong as number }), RangeError)
    await using gater = await createBasicGater({ clock })
    for (const ip of ['', '1.2.3', 'example.org', '1.2.3.4/32', '1.2.3.04']) {
      await assert.rejects(gater.blockAddr(ip), RangeError)
      await assert.rejects(gater.unblockAddr(ip), RangeError)
      assert.throws(() => gater.blockedAddr(ip), RangeError)
    }
    for (const cidr of ['', '1.2.3.4/33', 'x/8']) await assert.rejects(gater.trustSubnet(cidr), RangeError)
    for (const peer of ['', 'x'.repeat(1_025), '\ud800']) await assert.rejects(gater.blockPeer(peer), RangeError)
    await assert.rejects(gater.blockPeer(alice, { until: 1 } as never), TypeError)
    await assert.rejects(gater.blockPeer(alice, { kind: 'robotic' as never }), TypeError)
    await assert.rejects(gater.blockPeer(alice, { reason: 1 as never }), TypeError)
    await assert.rejects(gater.blockPeer(alice, { untilMs: Infinity, ttlMs: 1 }), TypeError)
    await assert.rejects(gater.blockPeer(alice, { reason: 'x'.repeat(257) }), RangeError)
    for (const ttlMs of [0, -1, Number.NaN]) await assert.rejects(gater.blockPeer(alice, { ttlMs }), RangeError)
    assert.deepEqual(gater.stat().blocked, { peers: 0, addrs: 0, subnets: 0, automatic: 0 })
  })

  it('gives plain data', async () => {
    await using gater = await createBasicGater({ clock, config: { bannedPeers: [{ peer: alice, ip: '192.0.2.1' }] } })
    await gater.blockPeer(alice)
    const data = [gater.stat(), gater.loadReport, gater.listBlockedPeers(), gater.gatingConfig()]
    assert.deepEqual(structuredClone(data), data)
    assert.equal(gater.interceptUpgraded(fakeConn({ id: '1', remotePeer: alice })), ALLOW)
  })
})
