import assert from 'node:assert/strict'
import type { PeerId, PeerStore } from '@libp2p/interface'
import { nullLogger } from '@weir/adapters'
import { turn } from '@weir/compliance'
import { HOST_DEFAULTS } from '../src/defaults.ts'
import { PeerStoreKeeper } from '../src/peer-store-keeper.ts'
import { anyPeer } from './fake-conn.ts'
import { nothingUnhandled } from './unhandled.ts'

const peer = await anyPeer()

function setup (get: () => Promise<unknown> = async () => ({ protocols: ['/a'] })) {
  const calls: string[] = []
  const peerStore = {
    get,
    async merge (_peer: PeerId, { protocols }: { protocols: string[] }) { calls.push(`merge ${protocols}`) },
    async delete (gone: PeerId) { calls.push(`delete ${gone}`) }
  } as unknown as PeerStore
  return { calls, keeper: new PeerStoreKeeper({ peerStore, log: nullLogger }) }
}

const numbered = (i: number): PeerId => ({ toString: () => `peer ${i}` }) as unknown as PeerId

describe('PeerStoreKeeper', () => {
  it('notes a protocol once per peer, of connected peers alone', async () => {
    const { calls, keeper } = setup()
    keeper.agreed(peer, '/a')
    keeper.connected(peer)
    for (const protocol of ['/a', '/a', '/b', '/a']) keeper.agreed(peer, protocol)
    await turn()
    assert.deepEqual(calls, ['merge /a', 'merge /b'])
    assert.deepEqual(await keeper.disconnected(peer), ['/a'])
    keeper.connected(peer)
    keeper.agreed(peer, '/a')
    await turn()
    assert.equal(calls.length, 3, 'anew with each connection')
  })

  it('forgets the peers that left first, and none that is back', async () => {
    const { calls, keeper } = setup()
    for (let i = 0; i <= 1; i++) await keeper.disconnected(numbered(i))
    keeper.connected(numbered(0))
    for (let i = 2; i <= HOST_DEFAULTS.maxRememberedPeers + 1; i++) await keeper.disconnected(numbered(i))
    await turn()
    assert.deepEqual(calls, ['delete peer 1'])
  })

  it('survives a store that fails', async () => {
    await using _ = nothingUnhandled()
    const failing = { get: async () => { throw new Error('no') }, merge: () => { throw new Error('no') }, delete: async () => { throw new Error('no') } }
    const keeper = new PeerStoreKeeper({ peerStore: failing as unknown as PeerStore, log: nullLogger })
    keeper.connected(peer)
    keeper.agreed(peer, '/a')
    assert.deepEqual(await keeper.disconnected(peer), [])
  })
})
