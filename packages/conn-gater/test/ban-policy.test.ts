import assert from 'node:assert/strict'
import { fakeConn, ManualClock } from '@weir/compliance'
import { type Conn, ConnErrorCode } from '@weir/network'
import { MemoryDatastore } from 'datastore-core'
import { type BanPolicy, type BanPolicyInit, banDurationMs, type BasicGater, type BasicGaterInit, createBanPolicy, createBasicGater, GaterFullError, TrustedError } from '../src/index.ts'
import { keysOf } from './keys-of.ts'
import { addrOf, alice, bob, from, ruleOf } from './peers.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

// The list of reference/mina-net2.md 5.4, "Unit", in its order.
describe('BanPolicy', () => {
  let clock: ManualClock
  let datastore: MemoryDatastore
  let gater: BasicGater

  async function policyOf (init: BasicGaterInit = {}, policyInit: Omit<BanPolicyInit, 'gater'> = {}): Promise<BanPolicy> {
    gater = await createBasicGater({ clock, datastore, ...init })
    return createBanPolicy({ gater, clock, ...policyInit })
  }

  /** How long the ban of a peer lasts from now. */
  function hoursLeft (peer = alice): number {
    return ((gater.blockedPeer(peer)?.untilMs ?? Number.NaN) - clock.wallMs()) / HOUR_MS
  }

  beforeEach(() => {
    clock = new ManualClock()
    datastore = new MemoryDatastore()
  })

  afterEach(async () => {
    await gater?.close()
    assert.equal(clock.pendingTimers, 0)
  })

  it('BanDuration', () => {
    assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 100].map(k => banDurationMs(k) / HOUR_MS), [24, 48, 96, 192, 384, 720, 720, 720])
  })

  it('EscalationAndExtendOnReban', async () => {
    const policy = await policyOf()
    await policy.ban({ peer: alice })
    assert.equal(hoursLeft(), 24)
    clock.advance(HOUR_MS)
    const { bans } = await policy.ban({ peer: alice })
    assert.equal(hoursLeft(), 48)
    assert.deepEqual(bans, [{ key: alice.toString(), kind: 'automatic', untilMs: clock.wallMs() + 48 * HOUR_MS }])
    clock.advance(49 * HOUR_MS) // over, and counted
    await policy.ban({ peer: alice })
    assert.equal(hoursLeft(), 96)
  })

  it('a ban never gets shorter by another', async () => {
    const policy = await policyOf()
    await gater.blockPeer(alice, { kind: 'automatic', ttlMs: 40 * HOUR_MS })
    await policy.ban({ peer: alice })
    assert.equal(hoursLeft(), 40)
  })

  it('EscalationCap', async () => {
    const policy = await policyOf()
    for (let k = 0; k < 20; k++) await policy.ban({ peer: alice })
    assert.equal(hoursLeft(), 720)
  })

  it('StrikeWindowReset: after 30 days without one, the first is a day again', async () => {
    const policy = await policyOf()
    await policy.ban({ peer: alice })
    await policy.ban({ peer: alice })
    clock.advance(30 * DAY_MS - 1)
    await policy.ban({ peer: alice })
    assert.equal(hoursLeft(), 96)
    clock.advance(30 * DAY_MS)
    await policy.ban({ peer: alice })
    assert.equal(hoursLeft(), 24)
  })

  it('StrikeWindow slides: each ban counts for 30 days from its own time', async () => {
    const policy = await policyOf()
    await policy.ban({ peer: alice })
    clock.advance(20 * DAY_MS)
    await policy.ban({ peer: alice })
    clock.advance(15 * DAY_MS)
    await policy.ban({ peer: alice })
    assert.equal(hoursLeft(), 48)
  })

  it('UnbanResetsStrikesAndLiftsGating', async () => {
    const policy = await policyOf()
    for (let k = 0; k < 3; k++) await policy.ban({ peer: alice, ip: '192.0.2.1' })
    assert.equal(await policy.unban({ peer: alice, ip: '192.0.2.1' }), true)
    assert.equal(ruleOf(gater.interceptSecured('inbound', alice, from('192.0.2.1'))), 'allow')
    assert.deepEqual(policy.stat(), { struckPeers: 0, struckAddrs: 0 })
    await policy.ban({ peer: alice })
    assert.equal(hoursLeft(), 24)
    assert.equal(await policy.unban({ peer: bob }), false)
  })

  it('UnbanByPeerIDOnly: the address stays banned', async () => {
    const policy = await policyOf()
    await policy.ban({ peer: alice, ip: '192.0.2.1' })
    await policy.unban({ peer: alice })
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'allow')
    assert.equal(ruleOf(gater.interceptAccept(from('192.0.2.1'))), 'blocked-addr')
  })

  it('ManualBan: without an end, and an automatic one changes nothing', async () => {
    const policy = await policyOf()
    await policy.ban({ peer: alice }, { kind: 'manual', reason: 'by hand' })
    const { bans } = await policy.ban({ peer: alice }, { reason: 'by itself' })
    assert.deepEqual(bans, [{ key: alice.toString(), kind: 'manual', untilMs: Infinity }])
    assert.deepEqual(gater.blockedPeer(alice), { kind: 'manual', reason: 'by hand', untilMs: Infinity })
    assert.deepEqual(policy.stat(), { struckPeers: 0, struckAddrs: 0 })
  })

  it('ManualUpgradesAuto', async () => {
    const policy = await policyOf()
    await policy.ban({ peer: alice })
    assert.equal(gater.stat().blocked.automatic, 1)
    await policy.ban({ peer: alice }, { kind: 'manual' })
    assert.deepEqual(gater.blockedPeer(alice), { kind: 'manual', reason: '', untilMs: Infinity })
    assert.deepEqual(gater.stat().blocked, { peers: 1, addrs: 0, subnets: 0, automatic: 0 })
    clock.advance(365 * DAY_MS)
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'blocked-peer')
  })

  it('ORCombinedGating: the peer or the address is enough', async () => {
    const policy = await policyOf()
    await policy.ban({ peer: alice, ip: '192.0.2.1' })
    assert.equal(ruleOf(gater.interceptSecured('inbound', alice, from('198.51.100.1'))), 'blocked-peer')
    assert.equal(ruleOf(gater.interceptSecured('inbound', bob, from('192.0.2.1'))), 'blocked-addr')
    assert.equal(ruleOf(gater.interceptSecured('outbound', bob, from('198.51.100.1'))), 'allow')
  })

  it('ExpiredAutoNotBanned', async () => {
    const policy = await policyOf()
    await policy.ban({ peer: alice })
    clock.advance(DAY_MS - 1)
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'blocked-peer')
    clock.advance(1)
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'allow')
  })

  it('TrustedRejection: whoever is trusted is not banned, nor is the other half', async () => {
    const policy = await policyOf({ config: { trustedPeers: [{ ip: '192.0.2.9' }] } })
    await gater.trustPeer(alice)
    const refused = async (target: { peer?: string, ip?: string }): Promise<void> => {
      await assert.rejects(policy.ban(target, { kind: 'manual' }), (error: unknown) => TrustedError.is(error))
    }
    await refused({ peer: alice.toString() })
    await refused({ peer: alice.toString(), ip: '192.0.2.1' })
    await refused({ peer: bob.toString(), ip: '192.0.2.9' })
    assert.deepEqual(gater.stat().blocked, { peers: 0, addrs: 0, subnets: 0, automatic: 0 })
  })

  it('TrustedWinsAtGating: trust that comes after the ban lifts it, and gives it back', async () => {
    const policy = await policyOf()
    await policy.ban({ peer: alice })
    await gater.trustPeer(alice)
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'allow')
    await gater.untrustPeer(alice)
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'blocked-peer')
  })

  it('BoundedEviction: what ends soonest gives way', async () => {
    const policy = await policyOf({ maxAutomatic: 3 })
    await policy.ban({ peer: 'long' })
    await policy.ban({ peer: 'long' })
    await policy.ban({ peer: 'soonest' })
    clock.advance(1)
    await policy.ban({ peer: 'later' })
    await policy.ban({ peer: 'new' })
    assert.deepEqual(gater.listBlockedPeers().map(({ key }) => key).sort(), ['later', 'long', 'new'])
    assert.equal(gater.stat().blocked.automatic, 3)
  })

  it('BoundedEviction in a list that is full: an automatic ban gives way to a manual one', async () => {
    const policy = await policyOf({ maxBlockedPeers: 2 })
    await policy.ban({ peer: 'auto' })
    await policy.ban({ peer: 'manual' }, { kind: 'manual' })
    await policy.ban({ peer: 'manual too' }, { kind: 'manual' })
    assert.deepEqual(gater.listBlockedPeers().map(({ key }) => key), ['manual', 'manual too'])
  })

  for (const kind of ['manual', 'automatic'] as const) {
    it(`FullManualRejects${kind === 'automatic' ? 'Auto' : ''}`, async () => {
      const policy = await policyOf({ maxBlockedPeers: 2 })
      for (const peer of ['a', 'b']) await policy.ban({ peer }, { kind: 'manual' })
      await assert.rejects(policy.ban({ peer: 'c' }, { kind }), (error: unknown) => GaterFullError.is(error) && error.option === 'maxBlockedPeers' && error.limit === 2)
      await policy.ban({ peer: 'a' }, { kind: 'manual', reason: 'again' }) // who is there already needs no place
      assert.deepEqual(gater.listBlockedPeers().map(({ key }) => key).sort(), ['a', 'b'])
    })
  }

  it('TrustedCapNoEviction', async () => {
    await policyOf({ maxTrusted: 2 })
    for (const peer of ['a', 'b']) await gater.trustPeer(peer)
    await assert.rejects(gater.trustPeer('c'), (error: unknown) => GaterFullError.is(error) && error.option === 'maxTrusted')
    assert.deepEqual(gater.listTrustedPeers().map(({ key }) => key), ['a', 'b'])
  })

  it('StrikeCap: whoever was struck longest ago is forgotten', async () => {
    const policy = await policyOf({}, { maxStruck: 2 })
    for (const peer of ['a', 'b', 'a', 'c']) await policy.ban({ peer })
    assert.equal(policy.stat().struckPeers, 2)
    for (const peer of ['a', 'b']) await policy.unban({ peer: `${peer} is not meant` })
    await policy.ban({ peer: 'a' })
    assert.equal(hoursLeft({ type: '', toString: () => 'a' }), 96)
    await gater.unblockPeer('b')
    await policy.ban({ peer: 'b' })
    assert.equal(hoursLeft({ type: '', toString: () => 'b' }), 24)
  })

  it('JSONRoundTrip: manual bans are there again, automatic ones never written', async () => {
    const policy = await policyOf()
    await policy.ban({ peer: 'manual', ip: '2001:db8::1' }, { kind: 'manual', reason: 'by hand' })
    await policy.ban({ peer: 'automatic', ip: '192.0.2.1' })
    assert.deepEqual(keysOf(datastore), ['/libp2p/net/conngater/addr/2001:db8::1', '/libp2p/net/conngater/peer/manual'])
    await gater.close()
    await policyOf()
    assert.deepEqual([...gater.listBlockedPeers(), ...gater.listBlockedAddrs()], [
      { key: 'manual', kind: 'manual', reason: 'by hand', untilMs: Infinity }, { key: '2001:db8::1', kind: 'manual', reason: 'by hand', untilMs: Infinity }
    ])
  })

  // MissingFileStartsEmpty, CorruptFileRenamedAndEmpty, UnknownVersionRenamedAndEmpty, MalformedIdentitySkipped: load-entries.test.ts.

  describe('with a network', () => {
    function network (conns: Conn[]) {
      return { conns: () => conns, connsToPeer: (peer: { toString: () => string }) => conns.filter(({ remotePeer }) => remotePeer.toString() === peer.toString()) }
    }

    it('BanPeerMissingIPResolved and BanPeerActivelyDisconnects', async () => {
      const codes: number[] = []
      const onClose = (code: number): void => { codes.push(code) }
      const conns = [
        fakeConn({ id: '1', remotePeer: alice, remoteMultiaddr: addrOf('192.0.2.1'), onClose }),
        fakeConn({ id: '2', remotePeer: alice, remoteMultiaddr: addrOf(`/ip4/192.0.2.7/tcp/1/p2p/${bob}/p2p-circuit`), onClose }),
        fakeConn({ id: '3', remotePeer: bob, remoteMultiaddr: addrOf('192.0.2.1'), onClose }),
        fakeConn({ id: '4', remotePeer: bob, remoteMultiaddr: addrOf('192.0.2.2'), onClose })
      ]
      const policy = await policyOf({}, { network: network(conns) })
      const { bans, closed } = await policy.ban({ peer: alice })
      assert.deepEqual(bans.map(({ key }) => key), [alice.toString(), '192.0.2.1']) // not the relay's
      assert.deepEqual(closed.map(({ id, rule }) => `${id} ${rule}`), ['1 blocked-peer', '2 blocked-peer', '3 blocked-addr'])
      assert.deepEqual(codes, [ConnErrorCode.gated, ConnErrorCode.gated, ConnErrorCode.gated])
      assert(!conns[3]?.isClosed())
    })

    it('an address that is trusted is left out when it was not named', async () => {
      const policy = await policyOf({ config: { trustedPeers: [{ ip: '192.0.2.1' }] } }, { network: network([fakeConn({ id: '1', remotePeer: alice, remoteMultiaddr: addrOf('192.0.2.1') })]) })
      assert.deepEqual((await policy.ban({ peer: alice })).bans.map(({ key }) => key), [alice.toString()])
    })

    it('GetBansShape: two bans of peer and address are four entries, with an end only where they are automatic', async () => {
      const policy = await policyOf()
      await policy.ban({ peer: 'a', ip: '192.0.2.1' }, { kind: 'manual' })
      await policy.ban({ peer: 'b', ip: '2001:db8::1' })
      const entries = [...gater.listBlockedPeers(), ...gater.listBlockedAddrs()]
      assert.equal(entries.length, 4)
      for (const { kind, untilMs } of entries) assert.equal(untilMs === Infinity, kind === 'manual')
    })
  })

  it('an automatic ban is in force when the call returns', async () => {
    const policy = await policyOf()
    const done = policy.ban({ peer: alice, ip: '192.0.2.1' })
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'blocked-peer')
    assert.equal(ruleOf(gater.interceptAccept(from('192.0.2.1'))), 'blocked-addr')
    await done
  })

  it('refuses what cannot be meant', async () => {
    const policy = await policyOf()
    await assert.rejects(policy.ban({}), TypeError)
    await assert.rejects(policy.ban({ id: 'x' } as never), TypeError)
    await assert.rejects(policy.ban({ ip: 'x' }), RangeError)
    await assert.rejects(policy.unban({}), TypeError)
    assert.throws(() => createBanPolicy({ gater, firstBan: 1 } as never), TypeError)
    assert.throws(() => createBanPolicy({ gater, firstBanMs: -1 }), RangeError)
  })
})
