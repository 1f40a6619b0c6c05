import assert from 'node:assert/strict'
import { fakeConn, ManualClock, sampleAddr, samplePeer } from '@weir/compliance'
import { ConnErrorCode, type Conn, type Verdict } from '@weir/network'
import { type BasicGater, createBasicGater, GaterFullError, type GatingConfig } from '../src/index.ts'
import { addrOf, alice, bob, from, ruleOf } from './peers.ts'

const [carol, dave] = [samplePeer(3), samplePeer(4)]

async function gaterOf (config: GatingConfig): Promise<BasicGater> {
  return await createBasicGater({ clock: new ManualClock(), config })
}

/** What is said of a peer at an address: dialled, its address dialled, accepted, secured inbound and outbound. */
function verdicts (gater: BasicGater, peer = dave, addr = '203.0.113.9'): string[] {
  const said: Verdict[] = [gater.interceptPeerDial(peer), gater.interceptAddrDial(peer, addrOf(addr)), gater.interceptAccept(from(addr)), gater.interceptSecured('inbound', peer, from(addr)), gater.interceptSecured('outbound', peer, from(addr))]
  return said.map(ruleOf)
}

const all = (rule: string): string[] => [rule, rule, rule, rule, rule]

describe('GatingConfig', () => {
  it('TestSetGatingConfig: denies banned peers and addresses, and an address that is not banned does not rescue a banned peer', async () => {
    await using gater = await gaterOf({})
    assert.deepEqual(verdicts(gater, alice, '192.0.2.1'), all('allow'))
    gater.setGatingConfig({ bannedPeers: [{ peer: alice, ip: '192.0.2.1' }], trustedPeers: [{ peer: bob, ip: '192.0.2.2' }] })
    assert.deepEqual(verdicts(gater, alice, '198.51.100.1'), ['banned-peer', 'banned-peer', 'allow', 'banned-peer', 'banned-peer'])
    assert.deepEqual(verdicts(gater, alice, '192.0.2.2'), ['banned-peer', 'banned-peer', 'allow', 'banned-peer', 'banned-peer']) // nor does a trusted one
    assert.deepEqual(verdicts(gater, dave, '192.0.2.1'), ['allow', 'banned-addr', 'banned-addr', 'banned-addr', 'banned-addr'])
    assert.deepEqual(verdicts(gater, bob, '192.0.2.1'), ['allow', 'allow', 'banned-addr', 'allow', 'allow']) // at accept nobody has said who they are
    assert.deepEqual(verdicts(gater), all('allow'))
    gater.setGatingConfig({})
    assert.deepEqual(verdicts(gater, alice, '192.0.2.1'), all('allow'))
  })

  it('trusted before banned: a peer and an address on both lists', async () => {
    await using gater = await gaterOf({ bannedPeers: [{ peer: alice, ip: '192.0.2.1' }, { ip: '2001:db8::1' }], trustedPeers: [{ peer: alice }, { ip: '192.0.2.1' }, { ip: '2001:DB8:0::1' }] })
    assert.deepEqual(verdicts(gater, alice, '192.0.2.1'), all('allow'))
    assert.deepEqual(verdicts(gater, dave, '2001:db8::1'), all('allow'))
  })

  for (const [version, ip, other] of [[4, '192.0.2.1', '192.0.2.2'], [6, '2001:db8::1', '2001:db8::2']] as const) {
    it(`bans addresses of version ${version}, and isolates from them`, async () => {
      await using banning = await gaterOf({ bannedPeers: [{ ip }] })
      assert.deepEqual(verdicts(banning, dave, ip), ['allow', 'banned-addr', 'banned-addr', 'banned-addr', 'banned-addr'])
      assert.deepEqual(verdicts(banning, dave, other), all('allow'))
      await using isolated = await gaterOf({ trustedPeers: [{ peer: alice, ip }], isolate: true })
      assert.deepEqual(verdicts(isolated, dave, ip), all('allow'))
      assert.deepEqual(verdicts(isolated, dave, other), ['allow', 'isolated', 'isolated', 'isolated', 'isolated'])
      assert.deepEqual(verdicts(isolated, alice, other), ['allow', 'allow', 'isolated', 'allow', 'allow'])
    })
  }

  it('isolation counts what has no IP as nobody trusted', async () => {
    await using gater = await gaterOf({ trustedPeers: [{ peer: alice, ip: '192.0.2.1' }], isolate: true })
    for (const addr of ['/memory/1', '/unix/%2Ftmp%2Fx', '/p2p-circuit']) assert.deepEqual(verdicts(gater, dave, addr), ['allow', 'isolated', 'isolated', 'isolated', 'isolated'])
    assert.deepEqual(verdicts(gater, dave, '/dns4/example.org/tcp/1'), ['allow', 'allow', 'isolated', 'isolated', 'isolated']) // dialled, for it may lead to a trusted address
    const relayed = `/ip4/192.0.2.1/tcp/1/p2p/${bob}/p2p-circuit/p2p/${dave}`
    assert.deepEqual(verdicts(gater, dave, relayed), ['allow', 'isolated', 'isolated', 'isolated', 'isolated']) // the relay is trusted, not who is behind it
    assert.deepEqual(verdicts(gater, alice, relayed), ['allow', 'allow', 'isolated', 'allow', 'allow'])
    const denial = gater.interceptAccept(from('198.51.100.1'))
    assert.equal((denial as { message: string }).message, 'everybody but the trusted, /ip4/198.51.100.1/tcp/4001 among them, is isolated: the gating configuration, until it is taken back')
  })

  it('isolation accepts from anywhere where a trusted peer may come from anywhere, and looks who it is then', async () => {
    await using gater = await gaterOf({ trustedPeers: [{ peer: alice }], isolate: true })
    assert.deepEqual(verdicts(gater, alice), all('allow'))
    assert.deepEqual(verdicts(gater, dave), ['allow', 'isolated', 'allow', 'isolated', 'isolated'])
    await using other = await gaterOf({ isolate: true })
    assert.deepEqual(verdicts(other, alice), ['allow', 'isolated', 'isolated', 'isolated', 'isolated'])
    await other.trustPeer(alice)
    await other.trustSubnet('10.0.0.0/8')
    assert.deepEqual(verdicts(other, alice), all('allow'))
    assert.deepEqual(verdicts(other, dave, '10.1.2.3'), all('allow'))
    assert.deepEqual(verdicts(other, dave), ['allow', 'isolated', 'allow', 'isolated', 'isolated'])
  })

  it('tells what is in force, as plain data', async () => {
    await using gater = await gaterOf({})
    assert.deepEqual(gater.gatingConfig(), { bannedPeers: [], trustedPeers: [], isolate: false })
    const state = gater.setGatingConfig({ bannedPeers: [{ peer: alice, ip: '::ffff:192.0.2.1' }], trustedPeers: [{ ip: '2001:DB8:0::1' }, { peer: 'bob' }], isolate: true })
    assert.deepEqual(state, { bannedPeers: [{ peer: alice.toString(), ip: '192.0.2.1' }], trustedPeers: [{ ip: '2001:db8::1' }, { peer: 'bob' }], isolate: true })
    assert.deepEqual(structuredClone(gater.gatingConfig()), state)
  })

  it('refuses a configuration as a whole, and keeps the old one', async () => {
    await using gater = await createBasicGater({ config: { bannedPeers: [{ peer: alice }] }, maxConfiguredPeers: 2 })
    const wrong: readonly [unknown, new (...args: never[]) => Error][] = [
      [{ banned: [] }, TypeError], [{ isolate: 1 }, TypeError], [{ bannedPeers: [{}] }, TypeError], [{ trustedPeers: [{ id: 'x' }] }, TypeError], [{ bannedPeers: ['x'] }, TypeError],
      [{ bannedPeers: [{ ip: '192.0.2.256' }] }, RangeError], [{ trustedPeers: [{ peer: 'x', ip: 'example.org' }] }, RangeError], [{ trustedPeers: [{ peer: '' }] }, RangeError],
      [{ bannedPeers: [{ ip: '::1' }, { ip: '::2' }, { ip: '::3' }] }, GaterFullError]
    ]
    for (const [config, type] of wrong) assert.throws(() => gater.setGatingConfig(config as GatingConfig), type, JSON.stringify(config))
    assert.deepEqual(gater.gatingConfig().bannedPeers, [{ peer: alice.toString() }])
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'banned-peer')
    await assert.rejects(createBasicGater({ config: { isolate: 1 as never } }), TypeError)
  })

  it('a new configuration closes the live connections that it denies, and tells which and why', async () => {
    const closed: string[] = []
    const conn = (id: string, remotePeer: typeof alice, ip: string): Conn => fakeConn({ id, remotePeer, remoteMultiaddr: addrOf(ip), direction: 'inbound', onClose: code => { closed.push(`${id} ${code}`) } })
    const conns = [conn('1', alice, '192.0.2.1'), conn('2', bob, '192.0.2.2'), conn('3', carol, '192.0.2.3'), conn('4', dave, '192.0.2.4')]
    await conns[3]?.close()
    await using gater = await gaterOf({})
    assert.deepEqual(await gater.enforce({ conns: () => conns }), [])
    gater.setGatingConfig({ bannedPeers: [{ peer: alice }, { ip: '192.0.2.2' }, { peer: carol }, { peer: dave }], trustedPeers: [{ peer: carol }] })
    const report = await gater.enforce({ conns: () => conns })
    assert.deepEqual(report.map(({ id, rule, code }) => ({ id, rule, code })), [{ id: '1', rule: 'banned-peer', code: 'BANNED_PEER' }, { id: '2', rule: 'banned-addr', code: 'BANNED_ADDR' }])
    assert.deepEqual(structuredClone(report[1]), { id: '2', peer: bob.toString(), addr: '/ip4/192.0.2.2/tcp/4001', rule: 'banned-addr', code: 'BANNED_ADDR', message: 'address 192.0.2.2 is banned: the gating configuration, until it is taken back' })
    assert.deepEqual(closed, ['4 0', `1 ${ConnErrorCode.gated}`, `2 ${ConnErrorCode.gated}`])
    assert.deepEqual(await gater.enforce({ conns: () => conns }), [])
  })

  it('a close that fails is told of like the others, and keeps none open', async () => {
    await using gater = await gaterOf({ isolate: true })
    const failing = { ...fakeConn({ id: '1', remotePeer: alice, remoteMultiaddr: sampleAddr(1) }), closeWithError: async () => { throw new Error('broken') } }
    const good = fakeConn({ id: '2', remotePeer: bob })
    assert.deepEqual((await gater.enforce({ conns: () => [failing, good] })).map(({ id }) => id), ['1', '2'])
    assert(good.isClosed())
  })
})
