import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { ManualClock } from '@weir/compliance'
import { ADDRESS_TTL_MS } from '@weir/network'
import fc from 'fast-check'
import { createPeerstore, type SnapshotPeerstore } from '../src/peerstore.ts'
import { ed25519Peer, otherPeer, testAddr, testPeer, texts } from './peers.ts'

const { connected, permanent, recentlyConnected, temporary } = ADDRESS_TTL_MS

describe('addrBook', () => {
  let clock: ManualClock
  let store: SnapshotPeerstore
  const peer = testPeer(1)
  const a = testAddr(1)
  const b = testAddr(2)

  beforeEach(() => {
    clock = new ManualClock()
    store = createPeerstore({ clock })
  })

  afterEach(async () => {
    await store.close()
    assert.equal(clock.pendingTimers, 0)
  })

  it('gives addresses in the order of their coming, each once', () => {
    store.addAddrs(peer, [a, b, a], 1000)
    store.addAddrs(peer, [b, testAddr(3)], 1000)
    assert.deepEqual(texts(store.addrs(peer)), texts([a, b, testAddr(3)]))
    assert.deepEqual(store.peerInfo(peer), { peer, addrs: store.addrs(peer) })
    assert.deepEqual(texts(store.peersWithAddrs()), ['peer-1'])
  })

  it('drops an address in the millisecond in which its time is over', () => {
    store.addAddrs(peer, [a], 1000)
    store.addAddrs(peer, [b], 2000)
    clock.advance(999)
    assert.equal(store.addrs(peer).length, 2)
    clock.advance(1)
    assert.deepEqual(texts(store.addrs(peer)), texts([b]))
    clock.advance(1000)
    assert.deepEqual(store.addrs(peer), [])
    assert.deepEqual(store.peersWithAddrs(), [])
    assert.deepEqual(store.peers(), [])
  })

  it('addAddrs prolongs and never shortens', () => {
    store.addAddrs(peer, [a], 1000)
    store.addAddrs(peer, [a], 10)
    clock.advance(500)
    assert.equal(store.addrs(peer).length, 1)
    store.addAddrs(peer, [a], 1000)
    clock.advance(900)
    assert.equal(store.addrs(peer).length, 1)
    store.addAddrs(peer, [b], 0)
    store.addAddrs(peer, [b], -5)
    assert.equal(store.addrs(peer).length, 1)
  })

  it('setAddrs shortens too, and removes with 0 or less', () => {
    store.addAddrs(peer, [a, b], 10_000)
    store.setAddrs(peer, [a], 10)
    store.setAddrs(peer, [b], 0)
    assert.deepEqual(texts(store.addrs(peer)), texts([a]))
    clock.advance(10)
    assert.deepEqual(store.addrs(peer), [])
    store.setAddrs(peer, [a], permanent)
    store.setAddrs(peer, [a], -1)
    assert.deepEqual(store.peers(), [])
  })

  it('updateAddrs changes those that were put in with the old time, and no others', () => {
    store.addAddrs(peer, [a], connected)
    store.addAddrs(peer, [b], permanent)
    store.addAddrs(peer, [testAddr(3)], 60_000)
    store.updateAddrs(peer, connected, recentlyConnected)
    clock.advance(60_000)
    assert.deepEqual(texts(store.addrs(peer)), texts([a, b]))
    clock.advance(recentlyConnected - 60_000)
    assert.deepEqual(texts(store.addrs(peer)), texts([b]))
    store.updateAddrs(peer, permanent, 0)
    assert.deepEqual(store.addrs(peer), [])
  })

  it('keeps connected and permanent addresses for ever, and apart', () => {
    store.addAddrs(peer, [a], connected)
    store.addAddrs(testPeer(2), [b], Infinity)
    clock.advance(30 * 86_400_000)
    assert.equal(store.addrs(peer).length, 1)
    store.updateAddrs(testPeer(2), connected, 1)
    clock.advance(1)
    assert.equal(store.addrs(testPeer(2)).length, 1)
    store.addAddrs(peer, [a], 5)
    store.updateAddrs(peer, 5, 1)
    clock.advance(10)
    assert.equal(store.addrs(peer).length, 1)
  })

  it('keeps a time that is very long for an unconnected address apart from connected', () => {
    clock.advance(10)
    store.addAddrs(peer, [a], connected - 1)
    store.updateAddrs(peer, connected, 1)
    clock.advance(1)
    assert.equal(store.addrs(peer).length, 1)
    assert.equal(store.stat().numUnconnectedAddrs, 1)
  })

  it('clearAddrs leaves the facts', () => {
    store.addAddrs(peer, [a], permanent)
    store.addProtocols(peer, '/x')
    store.clearAddrs(peer)
    assert.deepEqual(store.addrs(peer), [])
    assert.deepEqual(store.protocols(peer), ['/x'])
    store.clearAddrs(testPeer(9))
    assert.deepEqual(texts(store.peers()), ['peer-1'])
  })

  it('strips the peer from the end, and ignores addresses of another', () => {
    const bare = multiaddr('/ip4/1.2.3.4/tcp/1')
    const relay = multiaddr(`/ip4/1.2.3.4/tcp/1/p2p/${otherPeer}/p2p-circuit`)
    store.addAddrs(ed25519Peer, [
      bare,
      multiaddr(`${bare}/p2p/${ed25519Peer}`),
      multiaddr(`${bare}/p2p/${ed25519Peer.toCID()}`),
      multiaddr(`${bare}/p2p/${otherPeer}`),
      multiaddr(`/p2p/${ed25519Peer}`),
      relay,
      multiaddr(`${relay}/p2p/${ed25519Peer}`)
    ], 1000)
    assert.deepEqual(texts(store.addrs(ed25519Peer)), texts([bare, relay]))
    assert.equal(store.stat().ignored, 2)
    store.setAddrs(ed25519Peer, [multiaddr(`${bare}/p2p/${ed25519Peer}`)], 0)
    assert.deepEqual(texts(store.addrs(ed25519Peer)), texts([relay]))
  })

  it('ignores an address that is too long', () => {
    store.addAddrs(peer, [multiaddr(`/dns4/${'a'.repeat(1100)}/tcp/1`)], 1000)
    assert.deepEqual(store.peers(), [])
    assert.equal(store.stat().ignored, 1)
  })

  it('refuses a time that is no number, and changes nothing', () => {
    for (const call of [
      () => { store.addAddrs(peer, [a], NaN) },
      () => { store.setAddrs(peer, [a], NaN) },
      () => { store.updateAddrs(peer, NaN, 1) },
      () => { store.updateAddrs(peer, 1, NaN) },
      () => { store.addAddrs(peer, [a], '5' as unknown as number) }
    ]) assert.throws(call, RangeError)
    assert.deepEqual(store.peers(), [])
  })

  it('keeps 64 addresses of an unconnected peer: those that live longest, of equals the first', () => {
    const addrs = Array.from({ length: 70 }, (_, n) => testAddr(n))
    store.addAddrs(peer, addrs, 1000)
    assert.deepEqual(texts(store.addrs(peer)), texts(addrs.slice(0, 64)))
    store.addAddrs(peer, [testAddr(100)], 999)
    assert.deepEqual(texts(store.addrs(peer)), texts(addrs.slice(0, 64)))
    store.addAddrs(peer, [testAddr(101)], 1001)
    assert.deepEqual(texts(store.addrs(peer)), texts([...addrs.slice(0, 63), testAddr(101)]))
    assert.equal(store.stat().evictedAddrs, 8)
  })

  it('keeps 500 addresses of a connected peer, and 64 of them when it is connected no more', () => {
    store.addAddrs(peer, Array.from({ length: 600 }, (_, n) => testAddr(n)), connected)
    assert.equal(store.addrs(peer).length, 500)
    store.addAddrs(peer, [testAddr(700)], temporary)
    assert.equal(store.addrs(peer).length, 500)
    store.updateAddrs(peer, connected, recentlyConnected)
    assert.deepEqual(texts(store.addrs(peer)), texts(Array.from({ length: 64 }, (_, n) => testAddr(n))))
  })

  it('agrees with a plain model at all times', () => {
    const ttl = fc.constantFrom(-1, 0, 1, 10, 10, 25, connected, permanent)
    const ids = fc.array(fc.nat(5), { maxLength: 4 })
    const step = fc.oneof(
      fc.record({ op: fc.constant('add' as const), ids, ttl }),
      fc.record({ op: fc.constant('set' as const), ids, ttl }),
      fc.record({ op: fc.constant('update' as const), from: ttl, ttl }),
      fc.record({ op: fc.constant('wait' as const), ms: fc.nat(12) })
    )
    fc.assert(fc.property(fc.array(step, { maxLength: 40, size: 'max' }), steps => {
      const clock = new ManualClock()
      const store = createPeerstore({ clock })
      const model = new Map<string, { ttl: number, end: number }>()
      const endOf = (ttl: number): number => ttl >= connected ? ttl : clock.monotonicMs() + ttl
      for (const step of steps) {
        if (step.op === 'wait') clock.advance(step.ms)
        else if (step.op === 'update') {
          store.updateAddrs(peer, step.from, step.ttl)
          for (const known of model.values()) if (known.ttl === step.from) Object.assign(known, { ttl: step.ttl, end: endOf(step.ttl) })
        } else {
          const addrs = step.ids.map(testAddr)
          if (step.op === 'add') store.addAddrs(peer, addrs, step.ttl)
          else store.setAddrs(peer, addrs, step.ttl)
          for (const text of texts(addrs)) {
            const known = model.get(text)
            const next = { ttl: step.ttl, end: endOf(step.ttl) }
            if (step.op === 'add' && known !== undefined) model.set(text, { ttl: Math.max(known.ttl, next.ttl), end: Math.max(known.end, next.end) })
            else model.set(text, next)
          }
        }
        for (const [text, { end }] of model) if (end <= clock.monotonicMs()) model.delete(text)
        assert.deepEqual(texts(store.addrs(peer)).sort(), [...model.keys()].sort())
        assert.equal(store.stat().numUnconnectedAddrs, [...model.values()].filter(({ end }) => end < connected).length)
      }
      void store.close()
    }))
  })
})
