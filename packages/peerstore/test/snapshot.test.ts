import assert from 'node:assert/strict'
import { deserialize, serialize } from 'node:v8'
import { ManualClock } from '@weir/compliance'
import { ADDRESS_TTL_MS } from '@weir/network'
import { peerIdFromString } from '@libp2p/peer-id'
import fc from 'fast-check'
import { createPeerstore, type SnapshotPeerstore } from '../src/peerstore.ts'
import type { RestoreReport } from '../src/restore-report.ts'
import { ed25519Peer, otherPeer, rsaPeer, testAddr, testPeer, texts } from './peers.ts'

const { connected, permanent, recentlyConnected } = ADDRESS_TTL_MS

function fill (store: SnapshotPeerstore): void {
  store.addAddrs(ed25519Peer, [testAddr(1), testAddr(2)], 10_000)
  store.addAddrs(ed25519Peer, [testAddr(3)], 20_000)
  store.setProtocols(ed25519Peer, '/a', '/b')
  store.putMetadata(ed25519Peer, 'agent', { name: 'x', at: new Date(5) })
  store.recordLatency(ed25519Peer, 12.5)
  assert.ok(rsaPeer.publicKey !== undefined)
  store.addPublicKey(peerIdFromString(rsaPeer.toString()), rsaPeer.publicKey)
  store.addAddrs(otherPeer, [testAddr(4)], connected)
  store.addAddrs(testPeer(1), [testAddr(5)], permanent)
}

/** Off to a disk and back, then into a new run whose monotonic clock begins elsewhere. */
async function reopen (store: SnapshotPeerstore, { afterMs = 0, wallMs, damage = snapshot => snapshot }: { afterMs?: number, wallMs: number, damage?: (snapshot: unknown) => unknown }): Promise<{ store: SnapshotPeerstore, clock: ManualClock, report: RestoreReport | undefined }> {
  const snapshot = damage(deserialize(serialize(store.snapshot())))
  await store.close()
  const clock = new ManualClock({ monotonicMs: 5, wallMs: wallMs + afterMs })
  let report: RestoreReport | undefined
  return { store: createPeerstore({ clock, snapshot, onCorrupt: found => { report = found } }), clock, report }
}

describe('snapshot', () => {
  let clock: ManualClock
  let store: SnapshotPeerstore

  beforeEach(() => {
    clock = new ManualClock({ monotonicMs: 777_777 })
    store = createPeerstore({ clock })
    fill(store)
  })

  it('is plain data that can be cloned', async () => {
    const snapshot = store.snapshot()
    assert.deepEqual(structuredClone(snapshot), snapshot)
    assert.equal(snapshot.savedMs, clock.wallMs())
    assert.equal(snapshot.peers.length, 4)
    await store.close()
  })

  it('brings back everything, with the time that is left', async () => {
    clock.advance(4_000)
    const again = await reopen(store, { wallMs: clock.wallMs(), afterMs: 5_000 })
    await using restored = again.store
    assert.equal(again.report, undefined)
    assert.deepEqual(texts(restored.peers()), texts([ed25519Peer, rsaPeer, otherPeer, testPeer(1)]))
    assert.deepEqual(texts(restored.addrs(ed25519Peer)), texts([testAddr(1), testAddr(2), testAddr(3)]))
    assert.deepEqual(restored.protocols(ed25519Peer), ['/a', '/b'])
    assert.deepEqual(restored.metadata(ed25519Peer, 'agent'), { name: 'x', at: new Date(5) })
    assert.equal(restored.latencyEwmaMs(ed25519Peer), 12.5)
    assert.ok(rsaPeer.publicKey?.equals(restored.publicKey(peerIdFromString(rsaPeer.toString()))))
    assert.ok(ed25519Peer.equals(restored.peers()[0] as typeof ed25519Peer))
    again.clock.advance(1_000)
    assert.deepEqual(texts(restored.addrs(ed25519Peer)), texts([testAddr(3)]))
    restored.updateAddrs(ed25519Peer, 20_000, 0)
    assert.deepEqual(restored.addrs(ed25519Peer), [])
    again.clock.advance(3_600_000 - 10_000)
    assert.deepEqual(restored.protocols(ed25519Peer), [])
  })

  it('takes who was connected for recently connected, from the moment of the snapshot on', async () => {
    const again = await reopen(store, { wallMs: clock.wallMs(), afterMs: 60_000 })
    await using restored = again.store
    again.clock.advance(recentlyConnected - 60_001)
    assert.deepEqual(texts(restored.addrs(otherPeer)), texts([testAddr(4)]))
    again.clock.advance(1)
    assert.deepEqual(restored.addrs(otherPeer), [])
    again.clock.advance(30 * 86_400_000)
    assert.deepEqual(texts(restored.addrs(testPeer(1))), texts([testAddr(5)]))
    assert.deepEqual(texts(restored.peers()), ['peer-1'])
  })

  it('drops what was over in the meantime', async () => {
    const again = await reopen(store, { wallMs: clock.wallMs(), afterMs: 3_600_000 })
    await using restored = again.store
    assert.deepEqual(texts(restored.peers()), ['peer-1'])
    assert.equal(again.report, undefined)
  })

  it('gives nothing more time than it had when the wall clock went back', async () => {
    const again = await reopen(store, { wallMs: clock.wallMs(), afterMs: -1e9 })
    await using restored = again.store
    again.clock.advance(10_000)
    assert.deepEqual(texts(restored.addrs(ed25519Peer)), texts([testAddr(3)]))
    again.clock.advance(3_600_000)
    assert.deepEqual(texts(restored.peers()), ['peer-1'])
  })

  it('holds to the bounds of the new store', async () => {
    const snapshot = store.snapshot()
    await store.close()
    await using restored = createPeerstore({ clock: new ManualClock(), snapshot, maxPeers: 2, maxAddrsPerPeer: 1 })
    assert.ok(restored.peers().length <= 2)
    assert.equal(texts(restored.peersWithAddrs()).includes('peer-1'), true)
  })

  it('sets aside what is broken and keeps the rest', async () => {
    const again = await reopen(store, {
      wallMs: clock.wallMs(),
      // biome-ignore lint/suspicious/noExplicitAny: breaks what the types promise
      damage: (snapshot: any) => {
        snapshot.peers[0].addrs[1] = { addr: '/ip4/300.1.1.1', ttlMs: 1000, endMs: 1e15 }
        snapshot.peers[0].protocols[0] = 5
        snapshot.peers[0].latencyMs = -3
        snapshot.peers[1].publicKey[40] ^= 1
        snapshot.peers[2].peer = ed25519Peer.toString().slice(0, -1)
        snapshot.peers[3].addrs.push({ addr: `/dns4/${'a'.repeat(1100)}`, ttlMs: 1000, endMs: 1e15 })
        snapshot.peers.push(null, { peer: 'x', type: 'test' }, { ...snapshot.peers[0], type: 'RSA' })
        return snapshot
      }
    })
    await using restored = again.store
    assert.deepEqual(again.report?.faults.map(({ path }) => path), [
      'peers[0].protocols[0]', 'peers[0].latencyMs', 'peers[0].addrs[1]',
      'peers[1].publicKey', 'peers[2]', 'peers[3].addrs[1]', 'peers[4]',
      'peers[5].protocols', 'peers[5].metadata', 'peers[5].factsEndMs', 'peers[5].addrs', 'peers[6]'
    ])
    assert.equal(again.report?.numFaults, 12)
    assert.ok(again.report?.faults.every(({ cause }) => cause instanceof Error))
    assert.deepEqual(texts(restored.addrs(ed25519Peer)), texts([testAddr(1), testAddr(3)]))
    assert.deepEqual(texts(restored.addrs(testPeer(1))), texts([testAddr(5)]))
    assert.deepEqual(restored.protocols(ed25519Peer), ['/b'])
    assert.deepEqual(texts(restored.peers()), texts([ed25519Peer, testPeer(1)]))
  })

  it('does not believe a key that is not the peer\'s', async () => {
    const again = await reopen(store, {
      wallMs: clock.wallMs(),
      // biome-ignore lint/suspicious/noExplicitAny: breaks what the types promise
      damage: (snapshot: any) => {
        snapshot.peers[3].publicKey = snapshot.peers[1].publicKey
        return snapshot
      }
    })
    await using restored = again.store
    assert.deepEqual(again.report?.faults.map(({ path }) => path), ['peers[3].publicKey'])
    assert.equal(restored.publicKey(testPeer(1)), undefined)
  })

  it('begins empty with a snapshot that is none', async () => {
    await store.close()
    for (const snapshot of [null, 5, 'x', [], {}, { version: 2, savedMs: 1, peers: [] }, { version: 1, savedMs: NaN, peers: [] }, { version: 1, savedMs: 1, peers: {} }]) {
      let report: RestoreReport | undefined
      await using empty = createPeerstore({ clock: new ManualClock(), snapshot, onCorrupt: found => { report = found } })
      assert.deepEqual(empty.peers(), [])
      assert.equal(report?.numFaults, 1, JSON.stringify(snapshot))
    }
  })

  it('leaves no timer behind when onCorrupt throws', async () => {
    const snapshot = { ...store.snapshot(), peers: [...store.snapshot().peers, 5] }
    await store.close()
    const clock = new ManualClock()
    const refused = new Error('refused')
    assert.throws(() => createPeerstore({ clock, snapshot, onCorrupt () { throw refused } }), refused)
    assert.equal(clock.pendingTimers, 0)
  })

  it('reports a hundred faults and counts them all', async () => {
    await store.close()
    let report: RestoreReport | undefined
    await using _empty = createPeerstore({ clock: new ManualClock(), snapshot: { version: 1, savedMs: 1, peers: Array.from({ length: 250 }, () => 5) }, onCorrupt: found => { report = found } })
    assert.equal(report?.numFaults, 250)
    assert.equal(report?.faults.length, 100)
  })

  it('never throws, whatever a piece of it is replaced with', async () => {
    const original = store.snapshot()
    await store.close()
    const paths = fc.array(fc.nat(20), { minLength: 1, maxLength: 5 })
    const value = fc.oneof(fc.anything(), fc.constantFrom(NaN, -1, Infinity, connected, permanent, '', '/', '/ip4', null, undefined, []))
    await fc.assert(fc.asyncProperty(paths, value, async (path, value) => {
      const snapshot = structuredClone(original)
      // biome-ignore lint/suspicious/noExplicitAny: walks down to any piece
      let at: any = snapshot
      for (const [depth, step] of path.entries()) {
        const keys = Object.keys(at)
        const key = keys[step % keys.length]
        if (key === undefined) break
        if (depth === path.length - 1 || typeof at[key] !== 'object' || at[key] === null || at instanceof Uint8Array) {
          at[key] = value
          break
        }
        at = at[key]
      }
      const clock = new ManualClock()
      const restored = createPeerstore({ clock, snapshot })
      assert.ok(restored.peers().length <= 4)
      restored.snapshot()
      clock.advance(200_000)
      await restored.close()
    }))
  })
})
