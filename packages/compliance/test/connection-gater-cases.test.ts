import assert from 'node:assert/strict'
import { BlockList, isIPv4 } from 'node:net'
import type { Multiaddr } from '@multiformats/multiaddr'
import { ALLOW, type ConnectionGater, deny, nullConnectionGater, type Verdict } from '@weir/network'
import { applicable, connectionGaterCases, type GaterRules, recordingGater } from '../src/index.ts'
import { failingCases } from './failing-cases.ts'

/** The smallest gater that keeps out what it is told to. */
function denyingGater ({ deniedPeers = [], deniedIps = [] }: GaterRules): ConnectionGater {
  const peers = new Set(deniedPeers.map(String))
  const ips = new BlockList()
  for (const ip of deniedIps) ips.addAddress(ip, isIPv4(ip) ? 'ipv4' : 'ipv6')
  const ofPeer = (peer: unknown): Verdict => peers.has(String(peer)) ? deny('peer') : ALLOW
  const ofAddr = (addr: Multiaddr): Verdict => {
    const [first] = addr.getComponents()
    if (first?.value === undefined || !(first.name === 'ip4' || first.name === 'ip6')) return ALLOW
    return ips.check(first.value, first.name === 'ip4' ? 'ipv4' : 'ipv6') ? deny('ip') : ALLOW
  }
  return {
    interceptPeerDial: ofPeer,
    interceptAddrDial: (_peer, addr) => ofAddr(addr),
    interceptAccept: ({ remoteMultiaddr }) => ofAddr(remoteMultiaddr),
    interceptSecured: (_direction, peer) => ofPeer(peer),
    interceptUpgraded: () => ALLOW
  }
}

type Broken = (rules: GaterRules) => Partial<ConnectionGater>

// Each way to break a gater, and one case that must find it.
const FOUND: readonly [what: string, broken: Broken, name: string][] = [
  ['forgets to answer', () => ({ interceptAccept: () => undefined as never }), 'interceptAccept answers at once with ALLOW or a denial'],
  ['answers later', () => ({ interceptUpgraded: (async () => ALLOW) as never }), 'interceptUpgraded answers at once with ALLOW or a denial'],
  ['answers true', () => ({ interceptPeerDial: () => true as never }), 'interceptPeerDial answers at once with ALLOW or a denial'],
  ['denies without words', ({ deniedPeers = [] }) => ({ interceptPeerDial: () => deniedPeers.length > 0 ? { rule: '', code: '', message: '' } : ALLOW }), 'interceptPeerDial throws for no peer'],
  ['denies everybody', () => ({ interceptSecured: () => deny('all') }), 'interceptSecured lets pass what no rule is against'],
  ['wants an IP', () => ({ interceptAddrDial: (_peer, addr) => { if (!/^.ip[46]/.test(addr.toString())) throw new TypeError('no IP'); return ALLOW } }), 'interceptAddrDial throws for no address'],
  ['wants a known kind of peer', () => ({ interceptSecured: (_direction, peer) => { if (peer.type !== 'Ed25519') throw new TypeError('no peer'); return ALLOW } }), 'interceptSecured throws for no peer'],
  ['changes its mind', () => { let asked = 0; return { interceptAccept: () => asked++ % 2 === 0 ? ALLOW : deny('odd') } }, 'the same question gets the same answer'],
  ['compares values', ({ deniedPeers = [] }) => ({ interceptPeerDial: peer => deniedPeers.includes(peer) ? deny('peer') : ALLOW }), 'a peer is denied by its text, not by the value it comes as'],
  ['lets the denied in', () => ({ interceptSecured: () => ALLOW }), 'a denied peer is not let in: interceptSecured or interceptUpgraded denies'],
  ['compares texts', ({ deniedIps = [] }) => ({ interceptAccept: ({ remoteMultiaddr }) => deniedIps.some(ip => remoteMultiaddr.toString().includes(`/${ip}/`)) ? deny('ip') : ALLOW }), 'nothing is accepted from a denied address, written as /ip6/::ffff:192.0.2.1/tcp/1'],
  ['looks for a part of the text', ({ deniedIps = [] }) => ({ interceptAddrDial: (_peer, addr) => deniedIps.some(ip => addr.toString().includes(ip)) ? deny('ip') : ALLOW }), 'a denied address stands in no other\'s way'],
  ['looks at the wrong end', ({ deniedIps = [] }) => ({ interceptAccept: ({ localMultiaddr }) => deniedIps.some(ip => localMultiaddr.toString().includes(ip)) ? deny('ip') : ALLOW }), 'the address of this side is not what is denied']
]

describe('the suite of connection gaters', () => {
  for (const c of applicable(connectionGaterCases, { enforces: false })) it(`the Null: ${c.name}`, () => c.run({ create: () => nullConnectionGater }))

  it('passes for a gater that denies, bare and recorded', async () => {
    assert.deepEqual(await failingCases(connectionGaterCases, () => ({ create: denyingGater })), [])
    assert.deepEqual(await failingCases(connectionGaterCases, () => ({ create: rules => recordingGater([], denyingGater(rules)) })), [])
  })

  for (const [what, broken, name] of FOUND) {
    it(`finds a gater that ${what}`, async () => {
      const failing = await failingCases(connectionGaterCases, () => ({ create: rules => ({ ...denyingGater(rules), ...broken(rules) }) }))
      assert(failing.includes(name), `failing were:\n${failing.join('\n')}`)
    })
  }

  it('has a name of its own for each case', () => {
    assert.equal(new Set(connectionGaterCases.map(({ name }) => name)).size, connectionGaterCases.length)
  })
})
