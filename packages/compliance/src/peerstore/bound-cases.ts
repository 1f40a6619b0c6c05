import assert from 'node:assert/strict'
import { ADDRESS_TTL_MS, type Peerstore } from '@weir/network'
import { sampleAddr } from '../sample-addr.ts'
import { samplePeer } from '../sample-peer.ts'
import { MAX_ADDRS_PER_PEER, MAX_PEERS, numberedPeer, type PeerstoreCase, storeCase } from './store-case.ts'

const FLOOD = 10 * MAX_PEERS

const WAYS: readonly { readonly name: string, put (store: Peerstore, index: number): void }[] = [
  { name: 'addresses', put: (store, index) => { store.addAddrs(numberedPeer(index), [sampleAddr(index)], 60_000) } },
  { name: 'set addresses', put: (store, index) => { store.setAddrs(numberedPeer(index), [sampleAddr(index)], 60_000) } },
  { name: 'protocols', put: (store, index) => { store.addProtocols(numberedPeer(index), '/a/1') } },
  { name: 'set protocols', put: (store, index) => { store.setProtocols(numberedPeer(index), '/a/1') } },
  { name: 'metadata', put: (store, index) => { store.putMetadata(numberedPeer(index), 'agent', 'weir/1') } },
  { name: 'latencies', put: (store, index) => { store.recordLatency(numberedPeer(index), 10) } }
]

/** What a flood of peers and addresses costs: no more than the bounds say. */
export const boundCases: readonly PeerstoreCase[] = [
  ...WAYS.flatMap(({ name, put }) => [
    storeCase(`a flood of peers with ${name} keeps within the bound`, store => {
      for (let i = 0; i < FLOOD; i++) {
        put(store, i)
        assert(store.peers().length <= MAX_PEERS, `${store.peers().length} peers, where ${MAX_PEERS} are allowed`)
      }
      assert(store.peers().length > 0, 'the bound is no reason to keep nothing')
    }, 'enforces', 'bounded'),
    storeCase(`a flood of peers with ${name} drives no connected peer out`, store => {
      const alice = samplePeer(1)
      store.addAddrs(alice, [sampleAddr(0)], ADDRESS_TTL_MS.connected)
      store.addProtocols(alice, '/kept/1')
      for (let i = 0; i < FLOOD; i++) put(store, i)
      assert.equal(store.addrs(alice).length, 1)
      assert.deepEqual(store.protocols(alice), ['/kept/1'])
    }, 'enforces', 'bounded')
  ]),
  storeCase('a flood of addresses of one peer keeps within the bound', store => {
    const alice = samplePeer(1)
    for (let i = 0; i < 10; i++) {
      store.addAddrs(alice, Array.from({ length: MAX_ADDRS_PER_PEER }, (_, index) => sampleAddr(i * MAX_ADDRS_PER_PEER + index)), 60_000)
      assert(store.addrs(alice).length <= MAX_ADDRS_PER_PEER)
    }
    store.setAddrs(alice, Array.from({ length: 100 }, (_, index) => sampleAddr(200 + index)), 60_000)
    assert(store.addrs(alice).length <= MAX_ADDRS_PER_PEER)
    assert(store.addrs(alice).length > 0)
  }, 'enforces', 'bounded'),
  storeCase('a flood of addresses of one peer drives out no address that it is connected by', store => {
    const alice = samplePeer(1)
    store.addAddrs(alice, [sampleAddr(0)], ADDRESS_TTL_MS.connected)
    store.addAddrs(alice, Array.from({ length: 100 }, (_, index) => sampleAddr(1 + index)), 60_000)
    assert(store.addrs(alice).some(addr => addr.toString() === sampleAddr(0).toString()))
  }, 'enforces', 'bounded'),
  storeCase('there is room again when the time of the flood is over', (store, clock) => {
    for (let i = 0; i < FLOOD; i++) store.addAddrs(numberedPeer(i), [sampleAddr(i)], 1_000)
    clock.advance(1_001)
    for (let i = 0; i < MAX_PEERS; i++) store.addAddrs(numberedPeer(FLOOD + i), [sampleAddr(i)], 1_000)
    for (let i = 0; i < MAX_PEERS; i++) assert.equal(store.addrs(numberedPeer(FLOOD + i)).length, 1)
  }, 'enforces', 'bounded')
]
