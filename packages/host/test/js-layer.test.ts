import assert from 'node:assert/strict'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { fakeConn, turn } from '@weir/compliance'
import { type Network, type Notifiee, nullPeerstore } from '@weir/network'
import { MemoryDatastore } from 'datastore-core'
import type { Key } from 'interface-datastore'
import { createHost, type Host, type HostInit } from '../src/index.ts'
import { anyPeer } from './fake-conn.ts'

const privateKey: PrivateKey = await generateKeyPair('Ed25519')

/** A host on a network that does nothing but tell. */
function hostToTell (init: Partial<HostInit> = {}): { host: Host, network: Network, notifiee: Notifiee, left: Notifiee[] } {
  let notifiee: Notifiee | undefined
  const left: Notifiee[] = []
  const network = {
    localPeer: peerIdFromPrivateKey(privateKey),
    peerstore: nullPeerstore,
    conns: () => [],
    connsToPeer: () => [],
    interfaceListenAddresses: () => [],
    setStreamHandler () {},
    notify (given: Notifiee) { notifiee = given },
    stopNotify (given: Notifiee) { left.push(given) }
  } as unknown as Network
  const host = createHost({ network, privateKey, ...init })
  if (notifiee === undefined) throw new Error('the host has not asked to be told')
  return { host, network, notifiee, left }
}

describe('JsLayer', () => {
  it('tells of the first connection to a peer and of the end of the last, and of each connection', async () => {
    const { host, network, notifiee } = hostToTell()
    const remotePeer = await anyPeer()
    const [one, two] = [fakeConn({ id: '1', remotePeer }), fakeConn({ id: '2', remotePeer })]
    const heard: string[] = []
    const { events, connectionManager } = host.components
    for (const type of ['connection:open', 'connection:close', 'peer:connect', 'peer:disconnect'] as const) events.addEventListener(type, () => { heard.push(type) })
    notifiee.connected(network, one)
    notifiee.connected(network, two)
    assert.equal(connectionManager.getConnections(remotePeer).length, 2)
    assert.deepEqual(heard.splice(0), ['connection:open', 'peer:connect', 'connection:open'])
    notifiee.disconnected(network, one)
    notifiee.disconnected(network, one)
    notifiee.disconnected(network, two)
    assert.deepEqual(heard, ['connection:close', 'connection:close', 'peer:disconnect'])
    await host.close()
  })

  it('wants to be told no more after close', async () => {
    const { host, notifiee, left } = hostToTell()
    await host.close()
    await host.close()
    assert.deepEqual(left, [notifiee])
  })

  it('has stored a protocol of a js service when handle resolves', async () => {
    const stored: string[] = []
    class SlowDatastore extends MemoryDatastore {
      override async put (key: Key, value: Uint8Array): Promise<Key> {
        await turn()
        stored.push(Buffer.from(value).toString('latin1'))
        return super.put(key, value)
      }
    }
    const { host } = hostToTell({ datastore: new SlowDatastore() })
    await host.components.registrar.handle('/weir/js-test/1.0.0', () => {})
    assert.ok(stored.at(-1)?.includes('/weir/js-test/1.0.0'))
    await host.components.registrar.unhandle('/weir/js-test/1.0.0')
    assert.ok(!stored.at(-1)?.includes('/weir/js-test/1.0.0'))
    await host.close()
  })
})
