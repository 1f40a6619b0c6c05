import assert from 'node:assert/strict'
import { ADDRESS_TTL_MS, PeerKeyMismatchError } from '@weir/network'
import { sampleAddr } from '../sample-addr.ts'
import { samplePeer } from '../sample-peer.ts'
import type { KeyedPeer, PeerstoreSubject } from './peerstore-subject.ts'
import { enforcedCase, type PeerstoreCase, storeCase, texts } from './store-case.ts'

const [alice, bob] = [samplePeer(1), samplePeer(2)]

async function keyedPeer (subject: PeerstoreSubject): Promise<KeyedPeer> {
  assert(subject.keyedPeer !== undefined, 'the capability `keys` needs `keyedPeer` in the subject')
  return await subject.keyedPeer()
}

/** Protocols, metadata, latencies and keys, and how a peer is forgotten. */
export const factCases: readonly PeerstoreCase[] = [
  enforcedCase('protocols are added, each once', store => {
    store.addProtocols(alice, '/a/1', '/b/1')
    store.addProtocols(alice, '/b/1', '/c/1')
    assert.deepEqual(store.protocols(alice).sort(), ['/a/1', '/b/1', '/c/1'])
    assert.deepEqual(store.protocols(bob), [])
    assert.deepEqual(texts(store.peers()), texts([alice]))
  }),
  enforcedCase('protocols are set, in place of all there were', store => {
    store.addProtocols(alice, '/a/1', '/b/1')
    store.setProtocols(alice, '/c/1')
    assert.deepEqual(store.protocols(alice), ['/c/1'])
    store.setProtocols(alice)
    assert.deepEqual(store.protocols(alice), [])
  }),
  enforcedCase('protocols are removed, and only those', store => {
    store.addProtocols(alice, '/a/1', '/b/1')
    store.removeProtocols(alice, '/a/1', '/never/1')
    assert.deepEqual(store.protocols(alice), ['/b/1'])
  }),
  enforcedCase('supportsProtocols and firstSupportedProtocol answer in the order of the question', store => {
    store.addProtocols(alice, '/a/1', '/b/1', '/c/1')
    assert.deepEqual(store.supportsProtocols(alice, '/c/1', '/never/1', '/a/1'), ['/c/1', '/a/1'])
    assert.equal(store.firstSupportedProtocol(alice, '/never/1', '/b/1', '/a/1'), '/b/1')
    assert.equal(store.firstSupportedProtocol(alice, '/never/1'), undefined)
    assert.equal(store.firstSupportedProtocol(alice), undefined)
  }),
  enforcedCase('metadata are kept by peer and key', store => {
    store.putMetadata(alice, 'agent', 'weir/1')
    store.putMetadata(alice, 'list', [1, { two: 2 }])
    store.putMetadata(bob, 'agent', 'weir/2')
    store.putMetadata(alice, 'agent', 'weir/3')
    store.putMetadata(alice, '__proto__', 'harmless')
    assert.equal(store.metadata(alice, 'agent'), 'weir/3')
    assert.deepEqual(store.metadata(alice, 'list'), [1, { two: 2 }])
    assert.equal(store.metadata(bob, 'agent'), 'weir/2')
    assert.equal(store.metadata(bob, 'list'), undefined)
    assert.equal(store.metadata(alice, '__proto__'), 'harmless')
  }),
  enforcedCase('the latency is the first one at first, and then moves towards the later ones', store => {
    store.recordLatency(alice, 100)
    assert.equal(store.latencyEwmaMs(alice), 100)
    store.recordLatency(alice, 200)
    const second = store.latencyEwmaMs(alice)
    assert(second > 100 && second < 200, `${second}`)
    for (let i = 0; i < 200; i++) store.recordLatency(alice, 200)
    assert(Math.abs(store.latencyEwmaMs(alice) - 200) < 1)
    assert.equal(store.latencyEwmaMs(bob), 0)
  }),
  enforcedCase('a latency that is none spoils nothing', store => {
    store.recordLatency(alice, 100)
    for (const latencyMs of [Number.NaN, Infinity, -1]) {
      try {
        store.recordLatency(alice, latencyMs)
      } catch {} // saying so is allowed
    }
    assert.equal(store.latencyEwmaMs(alice), 100)
  }),
  enforcedCase('removePeer forgets all but the addresses', (store, clock) => {
    store.addAddrs(alice, [sampleAddr(1)], 1_000)
    store.addProtocols(alice, '/a/1')
    store.putMetadata(alice, 'agent', 'weir/1')
    store.recordLatency(alice, 100)
    store.removePeer(alice)
    assert.deepEqual([store.protocols(alice), store.metadata(alice, 'agent'), store.latencyEwmaMs(alice)], [[], undefined, 0])
    assert.equal(store.addrs(alice).length, 1)
    clock.advance(1_001)
    assert.deepEqual([store.addrs(alice), store.peers()], [[], []])
  }),
  enforcedCase('removePeer forgets a peer without addresses for good, and no other', store => {
    store.addProtocols(alice, '/a/1')
    store.addProtocols(bob, '/a/1')
    store.removePeer(alice)
    assert.deepEqual(texts(store.peers()), texts([bob]))
    assert.deepEqual(store.protocols(bob), ['/a/1'])
  }),
  enforcedCase('what is known of a connected peer stays while it is connected', (store, clock) => {
    store.addAddrs(alice, [sampleAddr(1)], ADDRESS_TTL_MS.connected)
    store.addProtocols(alice, '/a/1')
    clock.advance(86_400_000)
    assert.deepEqual(store.protocols(alice), ['/a/1'])
  }),
  storeCase('a public key is kept, and known by its peer', async (store, _clock, subject) => {
    const { peer, key } = await keyedPeer(subject)
    assert.equal(store.publicKey(peer), undefined)
    store.addPublicKey(peer, key)
    assert.equal(store.publicKey(peer)?.toString(), key.toString())
    assert.deepEqual(texts(store.peersWithKeys()), texts([peer]))
    store.removePeer(peer)
    assert.equal(store.publicKey(peer), undefined)
  }, 'enforces', 'keys'),
  storeCase('the key of another peer is refused with PeerKeyMismatchError, and not kept', async (store, _clock, subject) => {
    const { peer, key, otherKey } = await keyedPeer(subject)
    assert.throws(() => { store.addPublicKey(peer, otherKey) }, PeerKeyMismatchError.is)
    assert.equal(store.publicKey(peer), undefined)
    store.addPublicKey(peer, key)
    assert.throws(() => { store.addPublicKey(peer, otherKey) }, PeerKeyMismatchError.is)
    assert.equal(store.publicKey(peer)?.toString(), key.toString())
  }, 'enforces', 'keys')
]
