import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { samplePeer } from '@weir/compliance'
import { ADDRESS_TTL_MS, type MultiaddrDNSResolver, NoRemoteAddrsError, nullConnectionGater, nullPeerstore, nullResolver, type Peerstore } from '@weir/network'
import { addrsForDial } from '../src/addrs-for-dial.ts'
import { BlackHoleDetector } from '../src/black-hole-detector.ts'
import { AddrResolveError } from '../src/dial-errors.ts'
import type { AddrsForDial } from '../src/dial-filters.ts'
import { UnexpectedPeerError } from '../src/errors.ts'
import { addrsOf, ANYTHING } from './fake-transport.ts'

const [PEER, OTHER] = [samplePeer(0), samplePeer(1)]

interface FromInit {
  readonly resolver?: MultiaddrDNSResolver
  readonly outputLimit?: number
  /** What is put into the peerstore. */
  readonly added?: unknown[]
}

async function from (known: string[], { resolver = nullResolver, outputLimit = 100, added = [] }: FromInit = {}): Promise<AddrsForDial> {
  const peerstore: Peerstore = { ...nullPeerstore, addrs: () => addrsOf(...known), addAddrs: (peer, addrs, ttlMs) => { added.push([peer, addrs.map(String), ttlMs]) } }
  const filters = { transports: [ANYTHING], connectionGater: nullConnectionGater, blackHoleDetector: new BlackHoleDetector(), ownAddrs: [], forceDirectDial: false }
  return await addrsForDial(PEER, { peerstore, resolver, outputLimit, recursionLimit: 4, signal: new AbortController().signal, filters: () => filters })
}

const kept = (result: AddrsForDial): string[] => result.addrs.map(String).toSorted()

describe('addrsForDial', () => {
  it('AddrsForDialFiltering: takes each address once, without its peer', async () => {
    assert.deepEqual(kept(await from([`/ip4/1.2.3.4/tcp/1/p2p/${PEER}`, '/ip4/1.2.3.4/tcp/1', '/ip4/1.2.3.5/tcp/1'])), ['/ip4/1.2.3.4/tcp/1', '/ip4/1.2.3.5/tcp/1'])
  })

  it('DedupAddrs: takes once what several names lead to', async () => {
    const resolver: MultiaddrDNSResolver = { ...nullResolver, resolveDNSComponent: async () => addrsOf('/ip4/1.2.3.4/tcp/1') }
    assert.deepEqual(kept(await from(['/dns4/a.example/tcp/1', '/dns4/b.example/tcp/1', '/ip4/1.2.3.4/tcp/1'], { resolver })), ['/ip4/1.2.3.4/tcp/1'])
  })

  it('refuses an address of another peer', async () => {
    const { addrs, refused } = await from([`/ip4/1.2.3.4/tcp/1/p2p/${OTHER}`])
    assert.deepEqual(addrs, [])
    assert(UnexpectedPeerError.is(refused[0]?.cause))
  })

  it('keeps the relay\'s peer in a circuit address', async () => {
    assert.deepEqual(kept(await from([`/ip4/1.2.3.4/tcp/1/p2p/${OTHER}/p2p-circuit/p2p/${PEER}`])), [`/ip4/1.2.3.4/tcp/1/p2p/${OTHER}/p2p-circuit`])
  })

  it('takes no more addresses than it may', async () => {
    assert.equal((await from(Array.from({ length: 50 }, (_, port) => `/ip4/1.2.3.4/tcp/${port + 1}`), { outputLimit: 10 })).addrs.length, 10)
  })

  it('throws when none is known', async () => {
    await assert.rejects(from([]), NoRemoteAddrsError.is)
  })

  it('AddrResolution: remembers what a name led to, for a while', async () => {
    const resolver: MultiaddrDNSResolver = { ...nullResolver, resolveDNSAddr: async (_addr, { expectedPeer }) => addrsOf(`/ip4/1.2.3.4/tcp/1/p2p/${expectedPeer}`, `/ip4/1.2.3.5/tcp/1/p2p/${OTHER}`) }
    const added: unknown[] = []
    const { addrs, refused } = await from([`/dnsaddr/a.example/p2p/${PEER}`], { resolver, added })
    assert.deepEqual(addrs.map(String), ['/ip4/1.2.3.4/tcp/1'])
    assert(UnexpectedPeerError.is(refused[0]?.cause), 'a resolver of somebody else\'s may let strangers through')
    assert.deepEqual(added, [[PEER, ['/ip4/1.2.3.4/tcp/1'], ADDRESS_TTL_MS.temporary]])
  })

  it('says which names could not be resolved, and dials the others', async () => {
    const resolver: MultiaddrDNSResolver = { ...nullResolver, resolveDNSComponent: async () => { throw new Error('NXDOMAIN') } }
    const { addrs, refused } = await from(['/dns4/a.example/tcp/1', '/ip4/1.2.3.4/tcp/1'], { resolver })
    assert.deepEqual(addrs, addrsOf('/ip4/1.2.3.4/tcp/1'))
    assert.deepEqual(refused.map(({ addr }) => addr), [multiaddr('/dns4/a.example/tcp/1')])
    assert(AddrResolveError.is(refused[0]?.cause))
    assert.match(refused[0].cause.message, /NXDOMAIN/)
  })
})
