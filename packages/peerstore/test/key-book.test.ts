import assert from 'node:assert/strict'
import { ManualClock } from '@weir/compliance'
import { PeerKeyMismatchError } from '@weir/network'
import { peerIdFromString } from '@libp2p/peer-id'
import type { PublicKey } from '@libp2p/interface'
import { createPeerstore, type SnapshotPeerstore } from '../src/peerstore.ts'
import { ed25519Peer, otherPeer, rsaPeer, secp256k1Peer, testPeer, texts } from './peers.ts'

describe('keyBook', () => {
  let store: SnapshotPeerstore

  beforeEach(() => { store = createPeerstore({ clock: new ManualClock() }) })
  afterEach(() => store.close())

  it('knows keys that the peer id holds, without remembering the peer', () => {
    for (const peer of [ed25519Peer, secp256k1Peer]) {
      assert.ok(store.publicKey(peer)?.equals(peer.publicKey))
      assert.ok(store.publicKey({ type: peer.type, toString: () => peer.toString() })?.equals(peer.publicKey))
    }
    assert.deepEqual(store.peers(), [])
  })

  it('knows no key of others until it is put in', () => {
    const rsaText = peerIdFromString(rsaPeer.toString()) // as from an address: without the key
    assert.equal(store.publicKey(rsaText), undefined)
    assert.ok(rsaPeer.publicKey !== undefined)
    store.addPublicKey(rsaText, rsaPeer.publicKey)
    assert.ok(store.publicKey(rsaText)?.equals(rsaPeer.publicKey))
    assert.deepEqual(texts(store.peersWithKeys()), [rsaPeer.toString()])
    assert.equal(store.publicKey(testPeer(1)), undefined)
    assert.equal(store.publicKey({ type: 'Ed25519', toString: () => 'nonsense' }), undefined)
  })

  it('lists known peers whose id holds the key', () => {
    store.addProtocols(testPeer(1), '/x')
    store.addProtocols(ed25519Peer, '/x')
    store.addPublicKey(secp256k1Peer, secp256k1Peer.publicKey as PublicKey)
    assert.deepEqual(texts(store.peersWithKeys()), texts([ed25519Peer, secp256k1Peer]))
  })

  it('refuses the key of another peer, of every type', () => {
    for (const peer of [ed25519Peer, rsaPeer, testPeer(1)]) {
      assert.throws(() => { store.addPublicKey(peer, otherPeer.publicKey as PublicKey) }, (error: unknown) => PeerKeyMismatchError.is(error) && error.peer === peer)
    }
    assert.throws(() => { store.addPublicKey(ed25519Peer, { type: 'none' } as unknown as PublicKey) }, PeerKeyMismatchError)
    assert.deepEqual(store.peersWithKeys(), [])
  })
})
