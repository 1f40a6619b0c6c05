import assert from 'node:assert/strict'
import { ManualClock } from '@weir/compliance'
import { isDenial } from '@weir/network'
import { createBasicGater, createGreylist, GREYLIST_DEFAULTS, type Greylist } from '../src/index.ts'
import { addrOf, alice, bob, from, ruleOf } from './peers.ts'

describe('Greylist', () => {
  let clock: ManualClock
  let greylist: Greylist

  beforeEach(() => {
    clock = new ManualClock()
    greylist = createGreylist({ clock, maxPeers: 3, maxAddrs: 3 })
  })

  afterEach(() => {
    greylist[Symbol.dispose]()
    assert.equal(clock.pendingTimers, 0)
  })

  it('test_p2p_banned_peers: empty, three addresses of version 6, and none again', () => {
    const addrs = ['ffff::3', 'ffff:0::ff', 'a::2']
    for (const ip of addrs) assert(!greylist.isGreylistedAddr(ip))
    for (const ip of addrs) greylist.greylistAddr(ip)
    for (const ip of addrs) assert(greylist.isGreylistedAddr(ip))
    assert(!greylist.isGreylistedAddr('a::3'))
    greylist.clear()
    for (const ip of addrs) assert(!greylist.isGreylistedAddr(ip))
  })

  it('denies peers and addresses, with reason and end', () => {
    greylist.greylistPeer(alice, { reason: 'decoding error' })
    greylist.greylistAddr('::ffff:192.0.2.1', { ttlMs: 1_000 })
    assert.equal(ruleOf(greylist.interceptPeerDial(alice)), 'greylisted-peer')
    assert.equal(ruleOf(greylist.interceptSecured('inbound', alice, from('192.0.2.2'))), 'greylisted-peer')
    assert.equal(ruleOf(greylist.interceptAddrDial(bob, addrOf('192.0.2.1'))), 'greylisted-addr')
    assert.equal(ruleOf(greylist.interceptAccept(from('192.0.2.1'))), 'greylisted-addr')
    assert.equal(ruleOf(greylist.interceptAccept(from('2001:db8::1'))), 'allow')
    const denial = greylist.interceptPeerDial(alice)
    assert(isDenial(denial))
    assert.equal(denial.message, `peer ${alice} is greylisted: decoding error, until ${new Date(clock.wallMs() + GREYLIST_DEFAULTS.ttlMs).toISOString()}`)
    assert.equal(denial.code, 'GREYLISTED_PEER')
    assert.deepEqual(greylist.stat(), { peers: 1, addrs: 1, refusals: { 'greylisted-peer': 3, 'greylisted-addr': 2 } })
  })

  it('forgets each exactly at its time, and the sweep leaves nothing and no timer', async () => {
    greylist.greylistPeer(alice, { ttlMs: 1_000 })
    greylist.greylistAddr('192.0.2.1', { ttlMs: 2_000 })
    assert.equal(clock.pendingTimers, 1)
    clock.advance(999)
    assert(greylist.isGreylistedPeer(alice))
    clock.advance(1)
    assert(!greylist.isGreylistedPeer(alice))
    assert.deepEqual(greylist.listGreylistedPeers(), [])
    assert(greylist.isGreylistedAddr('192.0.2.1'))
    assert.equal(greylist.stat().peers, 1)
    await clock.advanceAsync(GREYLIST_DEFAULTS.sweepIntervalMs)
    assert.deepEqual(greylist.stat(), { peers: 0, addrs: 0, refusals: {} })
    assert.equal(clock.pendingTimers, 0)
  })

  it('is bounded: the oldest gives way, and who is put in again is the newest', () => {
    for (const peer of ['a', 'b', 'c', 'a', 'd']) greylist.greylistPeer(peer)
    assert.deepEqual(greylist.listGreylistedPeers().map(({ key }) => key), ['c', 'a', 'd'])
    for (let i = 0; i < 5; i++) greylist.greylistAddr(`192.0.2.${i}`)
    assert.deepEqual(greylist.listGreylistedAddrs().map(({ key }) => key), ['192.0.2.2', '192.0.2.3', '192.0.2.4'])
  })

  it('being put in again begins the time anew', () => {
    greylist.greylistPeer(alice, { ttlMs: 1_000 })
    clock.advance(900)
    greylist.greylistPeer(alice, { ttlMs: 1_000 })
    clock.advance(900)
    assert(greylist.isGreylistedPeer(alice))
  })

  it('gcGreylist forgets what is older than a moment', () => {
    greylist.greylistPeer(alice)
    greylist.greylistAddr('192.0.2.1')
    clock.advance(10)
    greylist.greylistPeer(bob, { reason: 'late' })
    const nowMs = clock.wallMs()
    assert.equal(greylist.gcGreylist(nowMs - 10), 0)
    assert.equal(greylist.gcGreylist(nowMs), 2)
    assert.deepEqual(greylist.listGreylistedPeers(), [{ key: bob.toString(), reason: 'late', sinceMs: nowMs, untilMs: nowMs + GREYLIST_DEFAULTS.ttlMs }])
    assert.deepEqual(greylist.listGreylistedAddrs(), [])
  })

  it('is cleared in parts, and one by one', () => {
    greylist.greylistPeer(alice)
    greylist.greylistPeer(bob)
    greylist.greylistAddr('192.0.2.1')
    greylist.greylistAddr('192.0.2.2')
    assert.deepEqual([greylist.ungreylistPeer(alice), greylist.ungreylistPeer(alice), greylist.ungreylistAddr('192.0.2.1'), greylist.ungreylistAddr('192.0.2.9')], [true, false, true, false])
    assert.equal(greylist.stat().addrs, 1)
    greylist.clearAddrs()
    assert.deepEqual([greylist.stat().peers, greylist.stat().addrs], [1, 0])
    greylist.clearPeers()
    assert.equal(greylist.stat().peers, 0)
  })

  it('lets the trusted pass', async () => {
    await using trust = await createBasicGater({ clock })
    using own = createGreylist({ clock, trust })
    own.greylistPeer(alice)
    own.greylistAddr('192.0.2.1')
    await trust.trustAddr('192.0.2.1')
    assert.equal(ruleOf(own.interceptAccept(from('192.0.2.1'))), 'allow')
    assert.equal(ruleOf(own.interceptSecured('inbound', alice, from('192.0.2.1'))), 'greylisted-peer')
    await trust.untrustAddr('192.0.2.1')
    await trust.trustPeer(alice)
    assert.equal(ruleOf(own.interceptSecured('inbound', alice, from('192.0.2.1'))), 'allow')
    assert.equal(ruleOf(own.interceptPeerDial(alice)), 'allow')
    assert.equal(ruleOf(own.interceptSecured('inbound', bob, from('192.0.2.1'))), 'greylisted-addr')
  })

  it('refuses what cannot be meant', () => {
    assert.throws(() => createGreylist({ maxPeer: 1 } as never), TypeError)
    assert.throws(() => createGreylist({ ttlMs: 0 }), RangeError)
    assert.throws(() => { greylist.greylistAddr('x') }, RangeError)
    assert.throws(() => { greylist.greylistPeer(alice, { ttlMs: Number.NaN }) }, RangeError)
    assert.equal(greylist.stat().peers, 0)
  })
})
