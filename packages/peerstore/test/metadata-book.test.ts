import assert from 'node:assert/strict'
import { ManualClock } from '@weir/compliance'
import { createPeerstore, type SnapshotPeerstore } from '../src/peerstore.ts'
import { testPeer } from './peers.ts'

describe('metadataBook', () => {
  let store: SnapshotPeerstore
  const peer = testPeer(1)

  beforeEach(() => { store = createPeerstore({ clock: new ManualClock(), maxMetadataPerPeer: 2, maxMetadataBytes: 100 }) })
  afterEach(() => store.close())

  it('keeps values by key, and the last one', () => {
    store.putMetadata(peer, 'agent', 'weir/1')
    store.putMetadata(peer, 'agent', 'weir/2')
    assert.equal(store.metadata(peer, 'agent'), 'weir/2')
    assert.equal(store.metadata(peer, 'other'), undefined)
    assert.equal(store.metadata(testPeer(2), 'agent'), undefined)
  })

  it('keeps everything that can be cloned', () => {
    for (const value of ['', 0, false, null, 5n, new Date(5), { a: [1, { b: 2 }] }, new Map([['a', 1]]), Uint8Array.of(1, 2)]) {
      store.putMetadata(peer, 'value', value)
      assert.deepEqual(store.metadata(peer, 'value'), value)
    }
  })

  it('keeps a copy, and of a view only what is viewed', () => {
    const value = { list: [1] }
    store.putMetadata(peer, 'value', value)
    value.list.push(2)
    assert.deepEqual(store.metadata(peer, 'value'), { list: [1] })
    const view = new Uint8Array(100_000).subarray(7, 10).fill(9)
    store.putMetadata(peer, 'view', view)
    view.fill(0)
    const kept = store.metadata(peer, 'view') as Uint8Array
    assert.deepEqual([...kept], [9, 9, 9])
    assert.ok(kept.buffer.byteLength < 200)
  })

  it('takes a key away with undefined', () => {
    store.putMetadata(peer, 'a', 1)
    store.putMetadata(peer, 'a', undefined)
    store.putMetadata(testPeer(2), 'a', undefined)
    assert.equal(store.metadata(peer, 'a'), undefined)
    assert.deepEqual(store.peers(), [])
  })

  it('refuses what cannot be cloned', () => {
    for (const value of [() => {}, Symbol('x'), { f () {} }, new SharedArrayBuffer(8)]) {
      assert.throws(() => { store.putMetadata(peer, 'a', value) }, /structured-cloneable/)
    }
    assert.deepEqual(store.peers(), [])
  })

  it('does not take a key too many, a value too large or a key too long', () => {
    store.putMetadata(peer, 'a', 1)
    store.putMetadata(peer, 'b', 'x'.repeat(100))
    store.putMetadata(peer, 'c', 1)
    store.putMetadata(peer, 'b', 'x'.repeat(101))
    store.putMetadata(peer, 'a', new Uint8Array(101))
    store.putMetadata(peer, 'a', { text: 'x'.repeat(101) })
    store.putMetadata(testPeer(2), 'k'.repeat(1025), 1)
    assert.equal(store.metadata(peer, 'a'), 1)
    assert.equal(store.metadata(peer, 'b'), 'x'.repeat(100))
    assert.equal(store.metadata(peer, 'c'), undefined)
    assert.equal(store.stat().ignored, 5)
  })
})
