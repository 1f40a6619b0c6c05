import assert from 'node:assert/strict'
import { ManualClock } from '@weir/compliance'
import { ADDRESS_TTL_MS } from '@weir/network'
import fc from 'fast-check'
import { PEERSTORE_DEFAULTS } from '../src/defaults.ts'
import { PeerTable } from '../src/peer-table.ts'
import { createPeerstore } from '../src/peerstore.ts'
import type { PeerstoreInit } from '../src/peerstore-init.ts'
import { testAddr, testPeer, texts } from './peers.ts'

const { connected, permanent, recentlyConnected } = ADDRESS_TTL_MS

describe('PeerTable', () => {
  it('forgets the peer whose time is over first when there are too many, the new one too', async () => {
    await using store = createPeerstore({ clock: new ManualClock(), maxPeers: 2 })
    store.addAddrs(testPeer(1), [testAddr(1)], 2000)
    store.addAddrs(testPeer(2), [testAddr(2)], 1000)
    store.addAddrs(testPeer(3), [testAddr(3)], 3000)
    assert.deepEqual(texts(store.peers()), ['peer-1', 'peer-3'])
    store.addAddrs(testPeer(4), [testAddr(4)], 500)
    assert.deepEqual(texts(store.peers()), ['peer-1', 'peer-3'])
    store.addProtocols(testPeer(5), '/x')
    assert.deepEqual(texts(store.peers()), ['peer-3', 'peer-5'])
    assert.equal(store.stat().evictedPeers, 3)
  })

  it('never forgets peers with a connected or permanent address; when all are such, takes no new one', async () => {
    await using store = createPeerstore({ clock: new ManualClock(), maxPeers: 2 })
    store.addAddrs(testPeer(1), [testAddr(1)], connected)
    store.addAddrs(testPeer(2), [testAddr(2)], permanent)
    for (let n = 3; n < 50; n++) store.addAddrs(testPeer(n), [testAddr(n)], n % 2 === 0 ? connected : 1_000_000)
    assert.deepEqual(texts(store.peers()), ['peer-1', 'peer-2'])
    store.updateAddrs(testPeer(1), connected, recentlyConnected)
    store.addAddrs(testPeer(50), [testAddr(50)], connected)
    assert.deepEqual(texts(store.peers()), ['peer-2', 'peer-50'])
  })

  it('drops the address whose time is over first when there are too many unconnected ones', async () => {
    await using store = createPeerstore({ clock: new ManualClock(), maxUnconnectedAddrs: 3 })
    store.addAddrs(testPeer(1), [testAddr(1), testAddr(2), testAddr(3)], connected)
    store.addAddrs(testPeer(1), [testAddr(4)], 1000)
    store.addAddrs(testPeer(2), [testAddr(5), testAddr(6)], 2000)
    store.addAddrs(testPeer(3), [testAddr(7)], 3000)
    assert.deepEqual(texts(store.addrs(testPeer(1))), texts([testAddr(1), testAddr(2), testAddr(3)]))
    store.addAddrs(testPeer(4), [testAddr(8)], 100)
    assert.deepEqual(store.addrs(testPeer(4)), [])
    store.updateAddrs(testPeer(1), connected, 10_000)
    assert.deepEqual(texts(store.peersWithAddrs()), ['peer-1'])
    assert.deepEqual(store.stat(), { numPeers: 1, numAddrs: 3, numUnconnectedAddrs: 3, evictedPeers: 0, evictedAddrs: 5, ignored: 0 })
  })

  it('keeps facts for an hour, longer while there is an address, and anew when one is written', async () => {
    const clock = new ManualClock()
    await using store = createPeerstore({ clock })
    store.addProtocols(testPeer(1), '/x')
    store.putMetadata(testPeer(2), 'a', 1)
    store.addAddrs(testPeer(2), [testAddr(1)], connected)
    store.addProtocols(testPeer(3), '/x')
    clock.advance(3_599_999)
    assert.equal(store.protocols(testPeer(1)).length, 1)
    store.recordLatency(testPeer(3), 5)
    clock.advance(1)
    assert.deepEqual(store.protocols(testPeer(1)), [])
    assert.deepEqual(texts(store.peers()), ['peer-2', 'peer-3'])
    clock.advance(3_600_000)
    assert.deepEqual(store.protocols(testPeer(3)), [])
    assert.equal(store.metadata(testPeer(2), 'a'), 1)
    store.updateAddrs(testPeer(2), connected, 1)
    clock.advance(1)
    assert.equal(store.metadata(testPeer(2), 'a'), undefined)
    assert.deepEqual(store.peers(), [])
  })

  it('does not let what is over come back with what is new', async () => {
    const clock = new ManualClock()
    await using store = createPeerstore({ clock, sweepIntervalMs: Infinity })
    store.putMetadata(testPeer(1), 'a', 1)
    clock.advance(3_600_000)
    store.addProtocols(testPeer(1), '/x')
    assert.equal(store.metadata(testPeer(1), 'a'), undefined)
    assert.deepEqual(store.protocols(testPeer(1)), ['/x'])
  })

  it('sweeps what nobody reads, a batch at a time', async () => {
    const clock = new ManualClock()
    await using store = createPeerstore({ clock, sweepBatch: 10 })
    for (let n = 0; n < 25; n++) store.addAddrs(testPeer(n), [testAddr(n)], 1000)
    store.addAddrs(testPeer(99), [testAddr(1), testAddr(2)], 1000)
    store.addAddrs(testPeer(99), [testAddr(3)], connected)
    clock.advance(59_999)
    assert.equal(store.stat().numPeers, 26)
    clock.advance(1)
    assert.equal(store.stat().numPeers + store.stat().numUnconnectedAddrs, 26 + 27 - 2 * 10)
    clock.advance(99)
    assert.notEqual(store.stat().numUnconnectedAddrs, 0)
    clock.advance(101)
    assert.deepEqual(store.stat(), { numPeers: 1, numAddrs: 1, numUnconnectedAddrs: 0, evictedPeers: 0, evictedAddrs: 0, ignored: 0 })
    assert.equal(clock.pendingTimers, 0) // a connected address needs no sweep
  })

  it('holds nothing of an entry that it has forgotten', () => {
    const clock = new ManualClock()
    const table = new PeerTable(clock, PEERSTORE_DEFAULTS, () => {})
    const record = { addr: testAddr(1), ttlMs: 10, endMs: 10 }
    table.update(testPeer(1), entry => { entry.addrs.set('a', record) })
    const entry = table.find(testPeer(1))
    assert.ok(entry !== undefined)
    assert.deepEqual([entry.end.index, entry.nextAddr.index], [0, 0])
    table.update(testPeer(1), () => { Object.assign(record, { ttlMs: connected, endMs: connected }) })
    assert.deepEqual([entry.end.index, entry.nextAddr.index], [-1, -1])
    table.update(testPeer(1), () => { Object.assign(record, { ttlMs: 10, endMs: 10 }) })
    clock.advance(10)
    assert.equal(table.sweep(5), 'done')
    assert.deepEqual([entry.end.index, entry.nextAddr.index], [-1, -1])
    assert.equal(table.stat().numPeers, 0)
  })

  it('never passes a bound, and counts right, whatever is done to it', () => {
    const bounds = { maxPeers: 5, maxAddrsPerPeer: 3, maxConnectedAddrsPerPeer: 4, maxUnconnectedAddrs: 8, maxProtocolsPerPeer: 2, maxMetadataPerPeer: 2, factsTtlMs: 30 } satisfies PeerstoreInit
    const peer = fc.nat(9).map(testPeer)
    const addrs = fc.array(fc.nat(7).map(testAddr), { maxLength: 6 })
    const ttl = fc.constantFrom(0, 5, 20, 40, connected, permanent)
    const step = fc.oneof(
      fc.record({ op: fc.constant('addAddrs' as const), peer, addrs, ttl }),
      fc.record({ op: fc.constant('setAddrs' as const), peer, addrs, ttl }),
      fc.record({ op: fc.constant('updateAddrs' as const), peer, from: ttl, ttl }),
      fc.record({ op: fc.constant('clearAddrs' as const), peer }),
      fc.record({ op: fc.constant('removePeer' as const), peer }),
      fc.record({ op: fc.constant('addProtocols' as const), peer, ids: fc.array(fc.constantFrom('/a', '/b', '/c')) }),
      fc.record({ op: fc.constant('putMetadata' as const), peer, key: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ op: fc.constant('wait' as const), ms: fc.nat(15) })
    )
    fc.assert(fc.property(fc.array(step, { maxLength: 80, size: 'max' }), steps => {
      const clock = new ManualClock()
      const store = createPeerstore({ clock, sweepIntervalMs: 7, sweepBatch: 2, sweepPauseMs: 1, ...bounds })
      for (const step of steps) {
        switch (step.op) {
          case 'addAddrs': store.addAddrs(step.peer, step.addrs, step.ttl); break
          case 'setAddrs': store.setAddrs(step.peer, step.addrs, step.ttl); break
          case 'updateAddrs': store.updateAddrs(step.peer, step.from, step.ttl); break
          case 'clearAddrs': store.clearAddrs(step.peer); break
          case 'removePeer': store.removePeer(step.peer); break
          case 'addProtocols': store.addProtocols(step.peer, ...step.ids); break
          case 'putMetadata': store.putMetadata(step.peer, step.key, 1); break
          default: clock.advance(step.ms)
        }
        const stat = store.stat()
        assert.ok(stat.numPeers <= bounds.maxPeers && stat.numUnconnectedAddrs <= bounds.maxUnconnectedAddrs, JSON.stringify(stat))
        const peers = store.peers() // puts every entry in order, so that the counts below are of the same moment
        const { numPeers, numAddrs, numUnconnectedAddrs } = store.stat()
        assert.equal(numPeers, peers.length)
        const saved = store.snapshot().peers.flatMap(({ addrs }) => addrs)
        assert.equal(numAddrs, saved.length)
        assert.equal(numAddrs, peers.reduce((sum, peer) => sum + store.addrs(peer).length, 0))
        assert.equal(numUnconnectedAddrs, saved.filter(({ ttlMs }) => ttlMs < connected).length)
        for (const { addrs, protocols, metadata } of store.snapshot().peers) {
          assert.ok(addrs.length <= (addrs.some(({ ttlMs }) => ttlMs >= connected) ? bounds.maxConnectedAddrsPerPeer : bounds.maxAddrsPerPeer))
          assert.ok(protocols.length <= bounds.maxProtocolsPerPeer && metadata.length <= bounds.maxMetadataPerPeer)
        }
      }
      void store.close()
      assert.equal(clock.pendingTimers, 0)
    }))
  })
})
