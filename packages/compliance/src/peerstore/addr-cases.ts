import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { ADDRESS_TTL_MS } from '@weir/network'
import { sampleAddr } from '../sample-addr.ts'
import { samplePeer } from '../sample-peer.ts'
import { enforcedCase, type PeerstoreCase, texts } from './store-case.ts'

const [alice, bob] = [samplePeer(1), samplePeer(2)]
const [one, two, three] = [sampleAddr(1), sampleAddr(2), sampleAddr(3)]

// Long behind every time of `ADDRESS_TTL_MS`, and not too long for a store that sweeps every minute.
const LONG_MS = 10 * 86_400_000

/** Addresses, each until its time is over. */
export const addrCases: readonly PeerstoreCase[] = [
  enforcedCase('addresses are kept for their time and no longer', (store, clock) => {
    store.addAddrs(alice, [one, two], 1_000)
    clock.advance(999)
    assert.deepEqual(texts(store.addrs(alice)), texts([one, two]))
    clock.advance(2)
    assert.deepEqual(store.addrs(alice), [])
    assert.deepEqual(store.peersWithAddrs(), [])
    assert.deepEqual(store.peerInfo(alice).addrs, [])
    assert.deepEqual(store.peers(), [])
  }),
  enforcedCase('each address has a time of its own', (store, clock) => {
    store.addAddrs(alice, [one], 1_000)
    store.addAddrs(alice, [two], 5_000)
    clock.advance(2_000)
    assert.deepEqual(texts(store.addrs(alice)), texts([two]))
  }),
  enforcedCase('a jump of the wall clock changes nothing', (store, clock) => {
    store.addAddrs(alice, [one], 1_000)
    clock.jumpWall(LONG_MS)
    assert.deepEqual(texts(store.addrs(alice)), texts([one]))
    clock.jumpWall(-2 * LONG_MS)
    clock.advance(1_001)
    assert.deepEqual(store.addrs(alice), [])
  }),
  enforcedCase('connected and permanent addresses do not go by themselves', (store, clock) => {
    store.addAddrs(alice, [one], ADDRESS_TTL_MS.connected)
    store.addAddrs(bob, [two], ADDRESS_TTL_MS.permanent)
    clock.advance(LONG_MS)
    assert.deepEqual(texts(store.addrs(alice)), texts([one]))
    assert.deepEqual(texts(store.addrs(bob)), texts([two]))
  }),
  enforcedCase('an address is kept once', store => {
    store.addAddrs(alice, [one, one], 1_000)
    store.addAddrs(alice, [multiaddr(one.toString())], 1_000)
    store.addAddrs(alice, [one.encapsulate(`/p2p/${alice}`)], 1_000)
    assert.equal(store.addrs(alice).length, 1)
  }),
  enforcedCase('an address that ends in the id of another peer is not kept', store => {
    store.addAddrs(alice, [one.encapsulate(`/p2p/${bob}`)], 1_000)
    store.setAddrs(alice, [one.encapsulate(`/p2p/${bob}`)], 1_000)
    assert.deepEqual(store.addrs(alice), [])
    assert.deepEqual(store.addrs(bob), [])
  }),
  enforcedCase('addAddrs prolongs, and shortens nothing', (store, clock) => {
    store.addAddrs(alice, [one], 1_000)
    store.addAddrs(alice, [one], 5_000)
    store.addAddrs(alice, [one], 10)
    clock.advance(4_999)
    assert.deepEqual(texts(store.addrs(alice)), texts([one]))
    clock.advance(2)
    assert.deepEqual(store.addrs(alice), [])
  }),
  enforcedCase('addAddrs begins the time anew', (store, clock) => {
    store.addAddrs(alice, [one], 1_000)
    clock.advance(900)
    store.addAddrs(alice, [one], 1_000)
    clock.advance(900)
    assert.deepEqual(texts(store.addrs(alice)), texts([one]))
  }),
  enforcedCase('addAddrs for no time adds nothing, and takes nothing away', store => {
    store.addAddrs(alice, [one], 1_000)
    for (const ttlMs of [0, -1, -Infinity]) store.addAddrs(alice, [one, two], ttlMs)
    assert.deepEqual(texts(store.addrs(alice)), texts([one]))
  }),
  enforcedCase('setAddrs sets the time, shorter too', (store, clock) => {
    store.addAddrs(alice, [one, two], 5_000)
    store.setAddrs(alice, [one, three], 1_000)
    clock.advance(1_001)
    assert.deepEqual(texts(store.addrs(alice)), texts([two]))
  }),
  enforcedCase('setAddrs for no time removes those addresses, and no others', store => {
    store.addAddrs(alice, [one, two], ADDRESS_TTL_MS.permanent)
    store.setAddrs(alice, [one], 0)
    assert.deepEqual(texts(store.addrs(alice)), texts([two]))
    store.setAddrs(alice, [two], -1)
    assert.deepEqual(store.addrs(alice), [])
  }),
  enforcedCase('updateAddrs gives the addresses of one time another, from now on, and leaves the rest', (store, clock) => {
    store.addAddrs(alice, [one], ADDRESS_TTL_MS.connected)
    store.addAddrs(alice, [two], ADDRESS_TTL_MS.permanent)
    store.addAddrs(bob, [three], ADDRESS_TTL_MS.connected)
    clock.advance(LONG_MS)
    store.updateAddrs(alice, ADDRESS_TTL_MS.connected, ADDRESS_TTL_MS.recentlyConnected)
    clock.advance(ADDRESS_TTL_MS.recentlyConnected - 1)
    assert.deepEqual(texts(store.addrs(alice)), texts([one, two]))
    clock.advance(2)
    assert.deepEqual(texts(store.addrs(alice)), texts([two]))
    assert.deepEqual(texts(store.addrs(bob)), texts([three]))
  }),
  enforcedCase('updateAddrs to no time removes', store => {
    store.addAddrs(alice, [one], 1_000)
    store.addAddrs(alice, [two], 2_000)
    store.updateAddrs(alice, 1_000, 0)
    assert.deepEqual(texts(store.addrs(alice)), texts([two]))
  }),
  enforcedCase('updateAddrs brings nothing back that is over', (store, clock) => {
    store.addAddrs(alice, [one], 1_000)
    clock.advance(1_001)
    store.updateAddrs(alice, 1_000, ADDRESS_TTL_MS.permanent)
    assert.deepEqual(store.addrs(alice), [])
  }),
  enforcedCase('clearAddrs removes all, the permanent too, and of no other peer', store => {
    store.addAddrs(alice, [one], ADDRESS_TTL_MS.permanent)
    store.addAddrs(bob, [two], 1_000)
    store.clearAddrs(alice)
    assert.deepEqual(store.addrs(alice), [])
    assert.deepEqual(texts(store.peersWithAddrs()), texts([bob]))
  }),
  enforcedCase('a time that is no number keeps nothing', store => {
    for (const put of [() => { store.addAddrs(alice, [one], Number.NaN) }, () => { store.setAddrs(alice, [one], Number.NaN) }]) {
      try {
        put()
      } catch {} // saying so is allowed
      assert.deepEqual(store.addrs(alice), [])
    }
  }),
  enforcedCase('peersWithAddrs, peers and peerInfo know who has addresses', store => {
    store.addAddrs(alice, [one], 1_000)
    store.addAddrs(bob, [two], 1_000)
    assert.deepEqual(texts(store.peersWithAddrs()), texts([alice, bob]))
    assert.deepEqual(texts(store.peers()), texts([alice, bob]))
    assert.deepEqual(texts(store.peerInfo(bob).addrs), texts([two]))
  }),
  enforcedCase('a peer is known by its text, not by the value it comes as', store => {
    store.addAddrs(alice, [one], 1_000)
    assert.deepEqual(texts(store.addrs({ type: 'another', toString: () => alice.toString() })), texts([one]))
  })
]
