import assert from 'node:assert/strict'
import { composeGaters, createBasicGater, createPrivateNetGater } from '../src/index.ts'
import { addrOf, alice, bob, from, ruleOf } from './peers.ts'

const PRIVATE = ['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '100.127.255.255', '198.18.0.1', '198.19.255.255', '169.254.1.1', 'fc00::1', 'fdff::1', 'fe80::1', 'febf::1', '::ffff:10.0.0.1']
const PUBLIC = ['9.255.255.255', '11.0.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0', '100.63.255.255', '100.128.0.0', '198.17.255.255', '198.20.0.0', '127.0.0.1', '::1', 'fbff::1', 'fe00::1', 'fec0::1', '2001:db8::1']

describe('PrivateNetGater', () => {
  it('denies private addresses that are not known, dialled and secured, and no others', () => {
    const gater = createPrivateNetGater()
    for (const ip of PRIVATE) {
      assert.equal(ruleOf(gater.interceptAddrDial(alice, addrOf(ip))), 'unknown-private-addr', ip)
      assert.equal(ruleOf(gater.interceptSecured('outbound', alice, from(ip))), 'unknown-private-addr', ip)
    }
    for (const ip of PUBLIC) assert.equal(ruleOf(gater.interceptAddrDial(alice, addrOf(ip))), 'allow', ip)
    for (const addr of ['/dns4/example.org/tcp/1', '/memory/1', `/ip4/10.0.0.1/tcp/1/p2p/${bob}/p2p-circuit/p2p/${alice}`]) assert.equal(ruleOf(gater.interceptAddrDial(alice, addrOf(addr))), 'allow', addr)
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'allow')
    assert.deepEqual(gater.stat(), { learned: 0, refusals: { 'unknown-private-addr': PRIVATE.length * 2 } })
  })

  it('knows the networks it is told of', () => {
    const gater = createPrivateNetGater({ knownNets: ['10.1.0.0/16', 'fd12::/16'] })
    assert.deepEqual(gater.knownNets(), ['10.1.0.0/16', 'fd12::/16'])
    for (const [ip, rule] of [['10.1.2.3', 'allow'], ['10.2.2.3', 'unknown-private-addr'], ['fd12::1', 'allow'], ['fd13::1', 'unknown-private-addr']] as const) assert.equal(ruleOf(gater.interceptAddrDial(alice, addrOf(ip))), rule)
  })

  it('learns the address of whoever is accepted, and that alone', () => {
    const gater = createPrivateNetGater()
    assert.equal(ruleOf(gater.interceptAccept(from('192.168.1.7'))), 'allow')
    assert.equal(ruleOf(gater.interceptAccept(from('198.51.100.1'))), 'allow')
    assert.equal(ruleOf(gater.interceptAccept(from('/memory/1'))), 'allow')
    assert.equal(ruleOf(gater.interceptAccept(from(`/ip4/10.0.0.1/tcp/1/p2p/${bob}/p2p-circuit`))), 'allow')
    assert.deepEqual(gater.learnedAddrs(), ['192.168.1.7'])
    assert.equal(ruleOf(gater.interceptSecured('inbound', alice, from('192.168.1.7'))), 'allow')
    assert.equal(ruleOf(gater.interceptAddrDial(bob, addrOf('192.168.1.7'))), 'allow')
    assert.equal(ruleOf(gater.interceptAddrDial(bob, addrOf('192.168.1.8'))), 'unknown-private-addr')
  })

  it('learns so many at most, and what a discovery found', () => {
    const gater = createPrivateNetGater({ maxLearned: 2 })
    for (const ip of ['10.0.0.1', 'fe80::1%eth0', '10.0.0.1', '10.0.0.3']) gater.learn(ip)
    assert.deepEqual(gater.learnedAddrs(), ['fe80::1', '10.0.0.3'])
    assert.equal(gater.stat().learned, 2)
    assert.throws(() => { gater.learn('x') }, RangeError)
  })

  it('TestConnectionGating: a private address is refused, and trusting the peer allows it', async () => {
    await using trust = await createBasicGater()
    const gater = createPrivateNetGater({ trust })
    assert.equal(ruleOf(gater.interceptAddrDial(alice, addrOf('10.0.0.1'))), 'unknown-private-addr')
    trust.setGatingConfig({ trustedPeers: [{ peer: alice }] })
    assert.equal(ruleOf(gater.interceptAddrDial(alice, addrOf('10.0.0.1'))), 'allow')
    assert.equal(ruleOf(gater.interceptAddrDial(bob, addrOf('10.0.0.1'))), 'unknown-private-addr')
    trust.setGatingConfig({ trustedPeers: [{ ip: '10.0.0.1' }] })
    assert.equal(ruleOf(gater.interceptAddrDial(bob, addrOf('10.0.0.1'))), 'allow')
  })

  it('last among others, it learns only whom they accept', async () => {
    await using basic = await createBasicGater({ config: { bannedPeers: [{ ip: '10.0.0.1' }] } })
    const privateNets = createPrivateNetGater({ trust: basic })
    const gater = composeGaters(basic, privateNets)
    for (const ip of ['10.0.0.1', '10.0.0.2']) gater.interceptAccept(from(ip))
    assert.deepEqual(privateNets.learnedAddrs(), ['10.0.0.2'])
  })

  it('refuses what cannot be meant', () => {
    assert.throws(() => createPrivateNetGater({ known: [] } as never), TypeError)
    assert.throws(() => createPrivateNetGater({ knownNets: ['x'] }), RangeError)
    assert.throws(() => createPrivateNetGater({ maxLearned: 0 }), RangeError)
  })
})
