import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { ALLOW, type Conn, nullConnectionGater } from '../src/index.ts'
import { testPeer } from './peers.ts'

const peer = testPeer('peer-1')
const localMultiaddr = multiaddr('/ip4/127.0.0.1/tcp/1')
const remoteMultiaddr = multiaddr('/ip4/192.0.2.1/tcp/2')

describe('nullConnectionGater', () => {
  it('allows at every hook', () => {
    assert.equal(nullConnectionGater.interceptPeerDial(peer), ALLOW)
    assert.equal(nullConnectionGater.interceptAddrDial(peer, remoteMultiaddr), ALLOW)
    assert.equal(nullConnectionGater.interceptAccept({ localMultiaddr, remoteMultiaddr }), ALLOW)
    assert.equal(nullConnectionGater.interceptSecured('inbound', peer, { localMultiaddr, remoteMultiaddr }), ALLOW)
    assert.equal(nullConnectionGater.interceptUpgraded({} as Conn), ALLOW)
  })

  it('is frozen', () => {
    assert.ok(Object.isFrozen(nullConnectionGater))
  })
})
