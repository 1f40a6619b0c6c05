import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { peerOfAddr, resolveTarget, withoutPeer } from '../src/connect-target.ts'
import { MissingPeerIdError } from '../src/errors.ts'
import { anyPeer } from './fake-conn.ts'

const peer = await anyPeer()
const relay = await anyPeer()

describe('connect target', () => {
  it('takes an address that names its peer apart', () => {
    const { peer: who, addrs } = resolveTarget(multiaddr(`/ip4/192.0.2.1/tcp/4001/p2p/${peer}`))
    assert.ok(who.equals(peer))
    assert.deepEqual(addrs.map(String), ['/ip4/192.0.2.1/tcp/4001'])
  })

  it('takes the peer behind a relay', () => {
    const behind = multiaddr(`/ip4/192.0.2.1/tcp/4001/p2p/${relay}/p2p-circuit/p2p/${peer}`)
    assert.ok(peerOfAddr(behind)?.equals(peer))
    assert.equal(String(withoutPeer(behind)), `/ip4/192.0.2.1/tcp/4001/p2p/${relay}/p2p-circuit`)
  })

  it('takes a peer with or without addresses, and only the peer of an address that is no more than that', () => {
    assert.deepEqual(resolveTarget({ peer }), { peer, addrs: [] })
    assert.deepEqual(resolveTarget({ peer, addrs: [multiaddr(`/ip4/192.0.2.1/tcp/1/p2p/${peer}`)] }).addrs.map(String), ['/ip4/192.0.2.1/tcp/1'])
    assert.deepEqual(resolveTarget(multiaddr(`/p2p/${peer}`)).addrs, [])
    assert.ok(resolveTarget({ peer: { type: 'Ed25519', toString: () => peer.toString() } }).peer.equals(peer))
  })

  it('refuses an address that names nobody', () => {
    assert.throws(() => resolveTarget(multiaddr('/ip4/192.0.2.1/tcp/4001')), MissingPeerIdError.is)
  })
})
