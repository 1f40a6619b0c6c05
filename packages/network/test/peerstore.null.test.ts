import assert from 'node:assert/strict'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { ADDRESS_TTL_MS, nullPeerstore } from '../src/index.ts'
import { testPeer } from './peers.ts'

const peer = testPeer('peer-1')
const addr = multiaddr('/ip4/192.0.2.1/tcp/2')

describe('nullPeerstore', () => {
  it('remembers no address', () => {
    nullPeerstore.addAddrs(peer, [addr], ADDRESS_TTL_MS.permanent)
    nullPeerstore.setAddrs(peer, [addr], ADDRESS_TTL_MS.permanent)
    nullPeerstore.updateAddrs(peer, ADDRESS_TTL_MS.permanent, ADDRESS_TTL_MS.address)
    assert.deepEqual(nullPeerstore.addrs(peer), [])
    assert.deepEqual(nullPeerstore.peersWithAddrs(), [])
    nullPeerstore.clearAddrs(peer)
  })

  it('remembers no key, not even that of a peer id that holds it', async () => {
    const privateKey = await generateKeyPair('Ed25519')
    const holder = peerIdFromPrivateKey(privateKey)
    nullPeerstore.addPublicKey(holder, privateKey.publicKey)
    assert.equal(nullPeerstore.publicKey(holder), undefined)
    assert.deepEqual(nullPeerstore.peersWithKeys(), [])
  })

  it('remembers no protocol', () => {
    nullPeerstore.addProtocols(peer, '/a/1', '/b/1')
    nullPeerstore.setProtocols(peer, '/a/1')
    assert.deepEqual(nullPeerstore.protocols(peer), [])
    assert.deepEqual(nullPeerstore.supportsProtocols(peer, '/a/1'), [])
    assert.equal(nullPeerstore.firstSupportedProtocol(peer, '/a/1'), undefined)
    nullPeerstore.removeProtocols(peer, '/a/1')
  })

  it('remembers no metadata and no latency', () => {
    nullPeerstore.putMetadata(peer, 'agent', 'weir')
    assert.equal(nullPeerstore.metadata(peer, 'agent'), undefined)
    nullPeerstore.recordLatency(peer, 10)
    assert.equal(nullPeerstore.latencyEwmaMs(peer), 0)
  })

  it('knows no peer, but answers for the one it is asked about', () => {
    assert.deepEqual(nullPeerstore.peers(), [])
    assert.deepEqual(nullPeerstore.peerInfo(peer), { peer, addrs: [] })
    nullPeerstore.removePeer(peer)
  })

  it('gives each caller a list of its own', () => {
    nullPeerstore.addrs(peer).push(addr)
    assert.deepEqual(nullPeerstore.addrs(peer), [])
  })

  it('closes as often as one likes', async () => {
    await nullPeerstore.close()
    await nullPeerstore.close()
    await nullPeerstore[Symbol.asyncDispose]()
  })

  it('is frozen', () => {
    assert.ok(Object.isFrozen(nullPeerstore))
  })
})
