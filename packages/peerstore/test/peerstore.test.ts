import assert from 'node:assert/strict'
import { ManualClock } from '@weir/compliance'
import { ADDRESS_TTL_MS } from '@weir/network'
import { PEERSTORE_DEFAULTS } from '../src/defaults.ts'
import { createPeerstore } from '../src/peerstore.ts'
import { testAddr, testPeer, texts } from './peers.ts'

const { address, connected, recentlyConnected } = ADDRESS_TTL_MS

describe('createPeerstore', () => {
  it('lists the union of all books', async () => {
    await using store = createPeerstore({ clock: new ManualClock() })
    store.addAddrs(testPeer(1), [testAddr(1)], address)
    store.addProtocols(testPeer(2), '/x')
    store.putMetadata(testPeer(3), 'a', 1)
    store.recordLatency(testPeer(4), 5)
    store.addProtocols(testPeer(1), '/x')
    assert.deepEqual(texts(store.peers()), ['peer-1', 'peer-2', 'peer-3', 'peer-4'])
    assert.deepEqual(texts(store.peersWithAddrs()), ['peer-1'])
  })

  it('removePeer forgets all but the addresses', async () => {
    const clock = new ManualClock()
    await using store = createPeerstore({ clock })
    const peer = testPeer(1)
    store.addAddrs(peer, [testAddr(1)], 1000)
    store.addProtocols(peer, '/x')
    store.putMetadata(peer, 'a', 1)
    store.recordLatency(peer, 5)
    store.removePeer(peer)
    assert.deepEqual([store.protocols(peer), store.metadata(peer, 'a'), store.latencyEwmaMs(peer)], [[], undefined, 0])
    assert.deepEqual(texts(store.addrs(peer)), texts([testAddr(1)]))
    clock.advance(1000)
    assert.deepEqual(store.peers(), [])
    store.removePeer(testPeer(2))
  })

  it('leaves no timer behind, and works on after close', async () => {
    const clock = new ManualClock()
    const store = createPeerstore({ clock })
    store.addAddrs(testPeer(1), [testAddr(1)], connected)
    assert.equal(clock.pendingTimers, 0)
    store.addProtocols(testPeer(2), '/x')
    clock.advance(200_000)
    assert.equal(clock.pendingTimers, 1)
    await store.close()
    await store.close()
    await store[Symbol.asyncDispose]()
    assert.equal(clock.pendingTimers, 0)
    store.addAddrs(testPeer(3), [testAddr(1)], 1000)
    assert.equal(clock.pendingTimers, 0)
    assert.equal(store.addrs(testPeer(3)).length, 1)
    assert.equal(store.snapshot().peers.length, 3)
    clock.advance(3_600_000)
    assert.deepEqual(texts(store.peers()), ['peer-1'])
  })

  it('refuses options that are not known or out of range', () => {
    assert.throws(() => createPeerstore({ maxPeer: 5 } as object), /unknown option maxPeer/)
    for (const wrong of [0, -1, 1.5, NaN, '5']) assert.throws(() => createPeerstore({ maxPeers: wrong as number }), RangeError)
    assert.throws(() => createPeerstore({ sweepIntervalMs: 0 }), RangeError)
    assert.ok(Object.isFrozen(PEERSTORE_DEFAULTS))
  })

  it('takes Infinity for no bound', async () => {
    const clock = new ManualClock()
    await using store = createPeerstore({ clock, maxPeers: Infinity, maxUnconnectedAddrs: Infinity, factsTtlMs: Infinity, maxAddrsPerPeer: undefined })
    store.addProtocols(testPeer(1), '/x')
    clock.advance(30 * 86_400_000)
    assert.deepEqual(store.protocols(testPeer(1)), ['/x'])
  })

  it('has a steady size under 100,000 peers that connect and go', async function () {
    this.timeout(60_000)
    const clock = new ManualClock()
    await using store = createPeerstore({ clock })
    let largest = 0
    for (let n = 0; n < 100_000; n++) {
      const peer = testPeer(n)
      store.addAddrs(peer, [testAddr(2 * n), testAddr(2 * n + 1)], connected)
      store.setProtocols(peer, '/ipfs/id/1.0.0', '/ipfs/ping/1.0.0')
      store.putMetadata(peer, 'agent', 'x')
      store.recordLatency(peer, 5)
      store.updateAddrs(peer, connected, recentlyConnected)
      if (n % 2 === 0) store.removePeer(peer)
      clock.advance(50) // 20 peers a second: 18,000 in their 15 minutes
      largest = Math.max(largest, store.stat().numPeers)
    }
    assert.ok(largest <= PEERSTORE_DEFAULTS.maxPeers)
    assert.ok(store.stat().evictedPeers > 0) // facts of the others live for an hour, so that the bound is met
    clock.advance(3_600_000 + 2 * 60_000)
    assert.deepEqual({ ...store.stat(), evictedPeers: 0 }, { numPeers: 0, numAddrs: 0, numUnconnectedAddrs: 0, evictedPeers: 0, evictedAddrs: 0, ignored: 0 })
  })
})
