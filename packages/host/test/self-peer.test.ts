import assert from 'node:assert/strict'
import type { PeerData, PeerStore } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { nullLogger } from '@weir/adapters'
import { turn } from '@weir/compliance'
import { SelfPeer } from '../src/self-peer.ts'
import { anyPeer } from './fake-conn.ts'

const peerId = await anyPeer()
const addr = multiaddr('/ip4/127.0.0.1/tcp/1')

function setup () {
  const patches: PeerData[] = []
  const state = { protocols: ['/a'], failing: false }
  const patch = async (_peer: unknown, data: PeerData): Promise<void> => {
    await turn()
    if (state.failing) throw new Error('no disk')
    patches.push(data)
  }
  const selfPeer = new SelfPeer({ peerId, peerStore: { patch } as unknown as PeerStore, log: nullLogger, protocols: () => state.protocols, addrs: () => [addr] })
  return { patches, state, selfPeer }
}

describe('SelfPeer', () => {
  it('stores protocols and addresses', async () => {
    const { patches, selfPeer } = setup()
    selfPeer.changed()
    await selfPeer.settled()
    assert.deepEqual(patches, [{ protocols: ['/a'], multiaddrs: [addr] }])
  })

  it('stores several changes of one turn as one, and those that come meanwhile as another', async () => {
    const { patches, state, selfPeer } = setup()
    for (let i = 0; i < 5; i++) selfPeer.changed()
    await Promise.resolve()
    await Promise.resolve()
    state.protocols = ['/b']
    for (let i = 0; i < 5; i++) selfPeer.changed()
    await selfPeer.settled()
    assert.deepEqual(patches.map(({ protocols }) => protocols), [['/a'], ['/b']])
  })

  it('survives a store that fails, and is mended by the next change', async () => {
    const { patches, state, selfPeer } = setup()
    state.failing = true
    selfPeer.changed()
    await selfPeer.settled()
    state.failing = false
    selfPeer.changed()
    await selfPeer.settled()
    assert.equal(patches.length, 1)
  })

  it('stores nothing after its end', async () => {
    const { patches, selfPeer } = setup()
    selfPeer.changed()
    selfPeer.end()
    selfPeer.changed()
    await selfPeer.settled()
    assert.deepEqual(patches, [])
  })
})
