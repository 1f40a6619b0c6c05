import assert from 'node:assert/strict'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { assertNoTimers, ManualClock } from '@weir/compliance'
import type { Network, Peerstore } from '@weir/network'
import { createPeerstore } from '@weir/peerstore'
import { IDENTIFY_DEFAULTS } from '../src/defaults.ts'
import { IdentifyMemory } from '../src/identify-memory.ts'
import { anyPeer } from './fake-conn.ts'

const peerId = await anyPeer()
const other = await anyPeer()
const SEEN = multiaddr('/ip4/1.2.3.4/tcp/5')

function setup (): { peerstore: Peerstore, memory: IdentifyMemory, clock: ManualClock, state: { connected: boolean } } {
  const clock = new ManualClock()
  const peerstore = createPeerstore({ clock })
  const state = { connected: true }
  const network = { peerstore, connsToPeer: () => state.connected ? [{}] : [] } as unknown as Network
  return { peerstore, clock, state, memory: new IdentifyMemory(network) }
}

const manyAddrs = (count: number): Multiaddr[] => Array.from({ length: count }, (_, i) => multiaddr(`/ip4/1.2.${i >> 8}.${i & 255}/tcp/4001`))

describe('IdentifyMemory', () => {
  it('keeps protocols, versions and addresses, bounded', async () => {
    const { peerstore, memory } = setup()
    memory.learned({
      peerId, protocols: Array.from({ length: 5_000 }, (_, i) => `/p/${i}`), listenAddrs: manyAddrs(600), agentVersion: 'x'.repeat(10_000), protocolVersion: 'y'.repeat(10_000)
    }, SEEN)
    assert.ok(peerstore.protocols(peerId).length <= IDENTIFY_DEFAULTS.maxProtocols)
    assert.equal(peerstore.metadata(peerId, 'AgentVersion'), 'x'.repeat(IDENTIFY_DEFAULTS.maxVersionChars))
    assert.equal(peerstore.metadata(peerId, 'ProtocolVersion'), 'y'.repeat(IDENTIFY_DEFAULTS.maxVersionChars))
    const kept = peerstore.addrs(peerId).length
    assert.ok(kept > 0 && kept <= IDENTIFY_DEFAULTS.maxAddrsConnected, `${kept}`)
    await peerstore.close()
  })

  it('replaces protocols, but not by none at all', async () => {
    const { peerstore, memory } = setup()
    memory.learned({ peerId, protocols: ['/a', '/b'], listenAddrs: [] }, SEEN)
    memory.learned({ peerId, protocols: ['/b'], listenAddrs: [] }, SEEN)
    memory.learned({ peerId, protocols: [], listenAddrs: [] }, SEEN)
    assert.deepEqual(peerstore.protocols(peerId), ['/b'])
    await peerstore.close()
  })

  it('believes the signed addresses before the others, and no address of another peer or of our own network', async () => {
    const { peerstore, memory } = setup()
    const good = multiaddr('/ip4/1.1.1.1/tcp/1')
    memory.learned({
      peerId, protocols: [], listenAddrs: [multiaddr('/ip4/9.9.9.9/tcp/1')],
      signedPeerRecord: { seq: 1n, addresses: [good, multiaddr(`/ip4/2.2.2.2/tcp/2/p2p/${peerId}`), multiaddr(`/ip4/3.3.3.3/tcp/3/p2p/${other}`), multiaddr('/ip4/127.0.0.1/tcp/4')] }
    }, SEEN)
    assert.deepEqual(peerstore.addrs(peerId).map(String).sort(), ['/ip4/1.1.1.1/tcp/1', '/ip4/2.2.2.2/tcp/2'])
    await peerstore.close()
  })

  it('keeps some addresses for a while when the peer has gone', async () => {
    const { peerstore, memory, clock, state } = setup()
    memory.learned({ peerId, protocols: [], listenAddrs: manyAddrs(50) }, SEEN)
    clock.advance(86_400_000)
    assert.ok(peerstore.addrs(peerId).length > 20, 'as long as it is connected')
    state.connected = false
    memory.left(peerId)
    assert.equal(peerstore.addrs(peerId).length, IDENTIFY_DEFAULTS.maxAddrsRecentlyConnected)
    clock.advance(900_001)
    assert.deepEqual(peerstore.addrs(peerId), [])
    await peerstore.close()
    assertNoTimers(clock)
  })

  it('keeps few addresses of a peer that has gone before it was identified', async () => {
    const { peerstore, memory, state } = setup()
    state.connected = false
    memory.learned({ peerId, protocols: [], listenAddrs: manyAddrs(50) }, SEEN)
    assert.equal(peerstore.addrs(peerId).length, IDENTIFY_DEFAULTS.maxAddrsRecentlyConnected)
    await peerstore.close()
  })
})
