import assert from 'node:assert/strict'
import { ManualClock } from '@weir/compliance'
import { createPeerstore, type SnapshotPeerstore } from '../src/peerstore.ts'
import { testPeer } from './peers.ts'

describe('protoBook', () => {
  let store: SnapshotPeerstore
  const peer = testPeer(1)

  beforeEach(() => { store = createPeerstore({ clock: new ManualClock(), maxProtocolsPerPeer: 4 }) })
  afterEach(() => store.close())

  it('adds, sets and removes', () => {
    store.addProtocols(peer, '/a', '/b')
    store.addProtocols(peer, '/b', '/c')
    assert.deepEqual(store.protocols(peer), ['/a', '/b', '/c'])
    store.removeProtocols(peer, '/b', '/never')
    assert.deepEqual(store.protocols(peer), ['/a', '/c'])
    store.setProtocols(peer, '/d')
    assert.deepEqual(store.protocols(peer), ['/d'])
    store.setProtocols(peer)
    assert.deepEqual(store.protocols(peer), [])
    assert.deepEqual(store.peers(), [])
  })

  it('forgets the peer with its last protocol', () => {
    store.addProtocols(peer, '/a')
    store.removeProtocols(peer, '/a')
    store.removeProtocols(testPeer(2), '/a')
    assert.deepEqual(store.peers(), [])
    assert.equal(store.stat().numPeers, 0)
  })

  it('answers in the order of the question', () => {
    store.addProtocols(peer, '/a', '/b', '/c')
    assert.deepEqual(store.supportsProtocols(peer, '/c', '/x', '/a'), ['/c', '/a'])
    assert.equal(store.firstSupportedProtocol(peer, '/x', '/c', '/a'), '/c')
    assert.equal(store.firstSupportedProtocol(peer, '/x'), undefined)
    assert.deepEqual(store.supportsProtocols(testPeer(2), '/a'), [])
    assert.equal(store.firstSupportedProtocol(testPeer(2), '/a'), undefined)
  })

  it('gives copies', () => {
    store.addProtocols(peer, '/a')
    store.protocols(peer).push('/b')
    assert.deepEqual(store.protocols(peer), ['/a'])
  })

  it('takes the first of too many, and none that is too long', () => {
    store.addProtocols(peer, '/a', '/b', 'x'.repeat(1025), '/c')
    store.addProtocols(peer, '/a', '/d', '/e', '/f')
    assert.deepEqual(store.protocols(peer), ['/a', '/b', '/c', '/d'])
    assert.equal(store.stat().ignored, 3)
    store.setProtocols(peer, '/1', '/2', '/3', '/4', '/5')
    assert.deepEqual(store.protocols(peer), ['/1', '/2', '/3', '/4'])
  })
})
