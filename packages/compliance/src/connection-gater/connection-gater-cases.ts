import assert from 'node:assert/strict'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { ALLOW, type ConnectionGater, type ConnMultiaddrs, type Direction, isDenial, type PeerRef, type Verdict } from '@weir/network'
import type { Case } from '../case.ts'
import { fakeConn } from '../fake-conn.ts'
import { sampleAddr } from '../sample-addr.ts'
import { samplePeer } from '../sample-peer.ts'

/** What a gater has to keep out. */
export interface GaterRules {
  readonly deniedPeers?: readonly PeerRef[] | undefined
  /** Such as `192.0.2.1` or `2001:db8::1`: nothing goes there and nothing comes from there. */
  readonly deniedIps?: readonly string[] | undefined
}

/** What the suite of connection gaters is run on. */
export interface ConnectionGaterSubject {
  /** Makes a gater with these rules and no other. One that denies nobody may take no notice of them. */
  create (rules: GaterRules): ConnectionGater | Promise<ConnectionGater>
}

export type GaterCase = Case<ConnectionGaterSubject, 'enforces'>

const LOCAL = multiaddr('/ip4/198.51.100.1/tcp/4001')

const ODD_ADDRS = [
  '/', '/ip4/0.0.0.0/tcp/0', '/ip4/255.255.255.255/tcp/65535', '/ip6/::/tcp/0', '/ip6/::1/tcp/1', '/ip6/::ffff:192.0.2.1/tcp/1', '/ip6zone/eth0/ip6/fe80::1/tcp/1',
  '/dns/example.org/tcp/443/wss', '/dnsaddr/bootstrap.example.org', '/memory/1', '/unix/%2Ftmp%2Fsocket', '/ip4/192.0.2.1/udp/1/quic-v1/webtransport',
  `/ip4/192.0.2.1/tcp/1/p2p/${samplePeer(1)}/p2p-circuit/p2p/${samplePeer(2)}`, `/p2p/${samplePeer(1)}`, '/p2p-circuit'
].map(text => multiaddr(text))

const ODD_PEERS: readonly PeerRef[] = [samplePeer(1), { type: '', toString: () => '' }, { type: 'tezos', toString: () => 'idtBmEQC9K2gXoKZ7mJ3ZK5c3oVEGG' }, { type: 'Ed25519', toString: () => '__proto__' }, { type: 'RSA', toString: () => 'Q'.repeat(10_000) }]

const DIRECTIONS: readonly Direction[] = ['inbound', 'outbound', 'unknown']

function conn (peer: PeerRef, remoteMultiaddr: Multiaddr, direction: Direction): ReturnType<typeof fakeConn> {
  return fakeConn({ id: '1', remotePeer: peer, remoteMultiaddr, direction })
}

function from (remoteMultiaddr: Multiaddr): ConnMultiaddrs {
  return { localMultiaddr: LOCAL, remoteMultiaddr }
}

type Hook = { readonly name: keyof ConnectionGater, ask (gater: ConnectionGater, peer: PeerRef, addr: Multiaddr, direction: Direction): Verdict }

const HOOKS: readonly Hook[] = [
  { name: 'interceptPeerDial', ask: (gater, peer) => gater.interceptPeerDial(peer) },
  { name: 'interceptAddrDial', ask: (gater, peer, addr) => gater.interceptAddrDial(peer, addr) },
  { name: 'interceptAccept', ask: (gater, _peer, addr) => gater.interceptAccept(from(addr)) },
  { name: 'interceptSecured', ask: (gater, peer, addr, direction) => gater.interceptSecured(direction, peer, from(addr)) },
  { name: 'interceptUpgraded', ask: (gater, peer, addr, direction) => gater.interceptUpgraded(conn(peer, addr, direction)) }
]

/** An answer is `ALLOW` or a denial with words, at once. */
function assertAnswer (verdict: Verdict, what: string): void {
  if (verdict === ALLOW) return
  assert(isDenial(verdict), `${what}: the answer is neither ALLOW nor a denial`)
  for (const member of ['rule', 'code', 'message'] as const) {
    assert(typeof verdict[member] === 'string' && verdict[member].length > 0, `${what}: a denial names its ${member}`)
  }
}

/** The hooks that deny, in the order in which a network asks them. */
function denying (gater: ConnectionGater, direction: 'inbound' | 'outbound', peer: PeerRef, addr: Multiaddr): string[] {
  const order = HOOKS.filter(({ name }) => direction === 'inbound' ? !name.endsWith('Dial') : name !== 'interceptAccept')
  return order.filter(({ ask }) => ask(gater, peer, addr, direction) !== ALLOW).map(({ name }) => name)
}

function gaterCase (name: string, rules: GaterRules, run: (gater: ConnectionGater) => void): GaterCase {
  return { name, run: async subject => { run(await subject.create(rules)) } }
}

function enforcedCase (name: string, rules: GaterRules, run: (gater: ConnectionGater) => void): GaterCase {
  return { ...gaterCase(name, rules, run), needs: ['enforces'] }
}

const [alice, bob] = [samplePeer(1), samplePeer(2)]
const DENIED_IPS = { deniedIps: ['192.0.2.1', '2001:db8::1'] }

/**
 * What every `ConnectionGater` must do: answer at once, and never throw, whatever it is asked.
 *
 * Capability `enforces`: it keeps out the peers and addresses that it is told to. The Null does not.
 */
export const connectionGaterCases: readonly GaterCase[] = [
  ...HOOKS.flatMap(({ name, ask }) => [
    gaterCase(`${name} answers at once with ALLOW or a denial`, {}, gater => { assertAnswer(ask(gater, alice, sampleAddr(1), 'inbound'), name) }),
    gaterCase(`${name} lets pass what no rule is against`, {}, gater => {
      for (const direction of DIRECTIONS) assert.equal(ask(gater, alice, sampleAddr(1), direction), ALLOW)
    }),
    gaterCase(`${name} throws for no address`, DENIED_IPS, gater => {
      for (const addr of ODD_ADDRS) for (const direction of DIRECTIONS) assertAnswer(ask(gater, alice, addr, direction), `${name} of ${addr}`)
    }),
    gaterCase(`${name} throws for no peer`, { deniedPeers: [alice] }, gater => {
      for (const peer of ODD_PEERS) assertAnswer(ask(gater, peer, sampleAddr(1), 'inbound'), `${name} of ${peer.type}`)
    })
  ]),
  gaterCase('the same question gets the same answer', { deniedPeers: [alice] }, gater => {
    for (const { name, ask } of HOOKS) {
      const first = ask(gater, alice, sampleAddr(1), 'inbound') === ALLOW
      for (let i = 0; i < 10; i++) assert.equal(ask(gater, alice, sampleAddr(1), 'inbound') === ALLOW, first, name)
    }
  }),
  enforcedCase('a denied peer is not dialled: interceptPeerDial denies, before any address is looked at', { deniedPeers: [alice] }, gater => {
    const verdict = gater.interceptPeerDial(alice)
    assertAnswer(verdict, 'interceptPeerDial')
    assert(isDenial(verdict))
  }),
  enforcedCase('a denied peer is not let in: interceptSecured or interceptUpgraded denies', { deniedPeers: [alice] }, gater => {
    assert.notDeepEqual(denying(gater, 'inbound', alice, sampleAddr(1)), [])
  }),
  enforcedCase('a peer is denied by its text, not by the value it comes as', { deniedPeers: [{ type: 'Ed25519', toString: () => alice.toString() }] }, gater => {
    assert(isDenial(gater.interceptPeerDial({ type: 'another', toString: () => alice.toString() })))
  }),
  enforcedCase('a denied peer stands in no other\'s way', { deniedPeers: [alice] }, gater => {
    assert.deepEqual(denying(gater, 'inbound', bob, sampleAddr(1)), [])
    assert.deepEqual(denying(gater, 'outbound', bob, sampleAddr(1)), [])
  }),
  ...['/ip4/192.0.2.1/tcp/4001', '/ip4/192.0.2.1/tcp/1', '/ip4/192.0.2.1/udp/1/quic-v1', '/ip6/2001:db8::1/tcp/4001', '/ip6/2001:0db8:0:0:0:0:0:1/tcp/1', '/ip6/::ffff:192.0.2.1/tcp/1'].flatMap(text => [
    enforcedCase(`nothing is dialled at a denied address, written as ${text}`, DENIED_IPS, gater => {
      const verdict = gater.interceptAddrDial(bob, multiaddr(text))
      assertAnswer(verdict, 'interceptAddrDial')
      assert(isDenial(verdict))
    }),
    enforcedCase(`nothing is accepted from a denied address, written as ${text}`, DENIED_IPS, gater => {
      const verdict = gater.interceptAccept(from(multiaddr(text)))
      assertAnswer(verdict, 'interceptAccept')
      assert(isDenial(verdict))
    })
  ]),
  enforcedCase('a denied address stands in no other\'s way', DENIED_IPS, gater => {
    for (const text of ['/ip4/192.0.2.2/tcp/4001', '/ip4/192.0.2.11/tcp/4001', '/ip6/2001:db8::2/tcp/4001', '/ip6/::1/tcp/1', '/dns4/example.org/tcp/1', '/memory/1']) {
      assert.deepEqual(denying(gater, 'inbound', bob, multiaddr(text)), [], text)
      assert.deepEqual(denying(gater, 'outbound', bob, multiaddr(text)), [], text)
    }
  }),
  enforcedCase('the address of this side is not what is denied', { deniedIps: ['198.51.100.1'] }, gater => {
    assert.equal(gater.interceptAccept(from(sampleAddr(1))), ALLOW)
  })
]
