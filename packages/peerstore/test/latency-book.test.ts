import assert from 'node:assert/strict'
import { ManualClock } from '@weir/compliance'
import { createPeerstore } from '../src/peerstore.ts'
import { testPeer } from './peers.ts'

describe('latencyBook', () => {
  it('takes the first value as it is and a tenth of each later one', async () => {
    await using store = createPeerstore({ clock: new ManualClock() })
    const peer = testPeer(1)
    assert.equal(store.latencyEwmaMs(peer), 0)
    store.recordLatency(peer, 100)
    assert.equal(store.latencyEwmaMs(peer), 100)
    store.recordLatency(peer, 200)
    assert.equal(store.latencyEwmaMs(peer), 110)
    store.recordLatency(peer, 0)
    assert.equal(store.latencyEwmaMs(peer), 99)
  })

  it('refuses what is no latency', async () => {
    await using store = createPeerstore({ clock: new ManualClock() })
    for (const wrong of [-1, NaN, Infinity]) assert.throws(() => { store.recordLatency(testPeer(1), wrong) }, RangeError)
    assert.deepEqual(store.peers(), [])
  })
})
