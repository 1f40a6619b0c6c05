import assert from 'node:assert/strict'
import { ADDRESS_TTL_MS, type Peerstore } from '@weir/network'
import { sampleAddr } from '../sample-addr.ts'
import { closedTwice } from '../trait-closed-twice.ts'
import { leavesNothingBehind } from '../trait-leaves-nothing-behind.ts'
import { numberedPeer, type PeerstoreCase, storeCase } from './store-case.ts'

const stranger = numberedPeer(1)

// What takes something away, or nothing, and so must leave no trace of a peer that nobody knows.
const TRACELESS: readonly { readonly name: string, readonly call: (store: Peerstore) => unknown }[] = [
  { name: 'addAddrs for no time', call: store => { store.addAddrs(stranger, [sampleAddr(1)], 0) } },
  { name: 'addAddrs for negative time', call: store => { store.addAddrs(stranger, [sampleAddr(1)], -1) } },
  { name: 'addAddrs of no address', call: store => { store.addAddrs(stranger, [], 1_000) } },
  { name: 'setAddrs for no time', call: store => { store.setAddrs(stranger, [sampleAddr(1)], 0) } },
  { name: 'updateAddrs', call: store => { store.updateAddrs(stranger, ADDRESS_TTL_MS.connected, ADDRESS_TTL_MS.recentlyConnected) } },
  { name: 'addrs', call: store => store.addrs(stranger) },
  { name: 'clearAddrs', call: store => { store.clearAddrs(stranger) } },
  { name: 'publicKey', call: store => store.publicKey(stranger) },
  { name: 'protocols', call: store => store.protocols(stranger) },
  { name: 'removeProtocols', call: store => { store.removeProtocols(stranger, '/a/1') } },
  { name: 'supportsProtocols', call: store => store.supportsProtocols(stranger, '/a/1') },
  { name: 'firstSupportedProtocol', call: store => store.firstSupportedProtocol(stranger, '/a/1') },
  { name: 'metadata', call: store => store.metadata(stranger, 'agent') },
  { name: 'latencyEwmaMs', call: store => store.latencyEwmaMs(stranger) },
  { name: 'peerInfo', call: store => store.peerInfo(stranger) },
  { name: 'removePeer', call: store => { store.removePeer(stranger) } }
]

const measure = (store: Peerstore): unknown => [store.peers().length, store.peersWithAddrs().length, store.peersWithKeys().length]

/** What a peerstore says of a peer that nobody told it of, and how it ends. */
export const strangerCases: readonly PeerstoreCase[] = [
  ...leavesNothingBehind(TRACELESS, measure).map(({ name, run }) => storeCase(`of a stranger, ${name}`, store => run(store))),
  ...closedTwice<Peerstore>([{ name: 'close', call: store => store.close() }, { name: 'asyncDispose', call: store => store[Symbol.asyncDispose]() }])
    .map(({ name, run }) => storeCase(name, store => run(store))),
  storeCase('nothing is known of a stranger', store => {
    assert.deepEqual(store.addrs(stranger), [])
    assert.equal(store.publicKey(stranger), undefined)
    assert.deepEqual(store.protocols(stranger), [])
    assert.deepEqual(store.supportsProtocols(stranger, '/a/1'), [])
    assert.equal(store.firstSupportedProtocol(stranger, '/a/1'), undefined)
    assert.equal(store.metadata(stranger, 'agent'), undefined)
    assert.equal(store.metadata(stranger, '__proto__'), undefined)
    assert.equal(store.latencyEwmaMs(stranger), 0)
    assert.deepEqual(store.peers(), [])
    const info = store.peerInfo(stranger)
    assert.equal(info.peer.toString(), stranger.toString())
    assert.deepEqual(info.addrs, [])
  }),
  storeCase('what is put in is taken without a word', store => {
    store.addAddrs(stranger, [sampleAddr(1), sampleAddr(2)], ADDRESS_TTL_MS.address)
    store.setAddrs(stranger, [sampleAddr(1)], ADDRESS_TTL_MS.connected)
    store.addProtocols(stranger, '/a/1')
    store.setProtocols(stranger, '/b/1', '/c/1')
    store.putMetadata(stranger, 'agent', { version: 1 })
    store.recordLatency(stranger, 10)
  }),
  storeCase('a list belongs to whoever asked for it', store => {
    store.addAddrs(stranger, [sampleAddr(1)], ADDRESS_TTL_MS.address)
    store.addProtocols(stranger, '/a/1')
    const lists = (): unknown[][] => [store.addrs(stranger), store.protocols(stranger), store.peers(), store.peersWithAddrs(), store.peersWithKeys(), store.peerInfo(stranger).addrs, store.supportsProtocols(stranger, '/a/1')]
    const before = lists().map(list => list.length)
    for (const list of lists()) list.length = 0
    for (const list of lists()) list.push('something else')
    assert.deepEqual(lists().map(list => list.length), before)
  })
]
