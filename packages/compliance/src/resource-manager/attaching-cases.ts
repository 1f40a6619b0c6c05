import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { ScopeAttachedError, ScopeNotAttachedError } from '@weir/network'
import { sampleAddr } from '../sample-addr.ts'
import { samplePeer } from '../sample-peer.ts'
import { type ManagerCase, managerCase } from './manager-case.ts'

const alice = samplePeer(1)
const bob = samplePeer(2)

const ODD_ADDRS = ['/ip6/::1/tcp/1', '/ip6/::ffff:192.0.2.1/tcp/1', '/dns4/example.org/tcp/1', '/memory/1', '/ip4/192.0.2.1/udp/1/quic-v1', '/ip4/0.0.0.0/tcp/0', '/unix/%2Ftmp%2Fsocket']

/** What a connection and a stream belong to: nothing at first, and then one thing for good. */
export const attachingCases: readonly ManagerCase[] = [
  managerCase('a connection has no peer scope before setPeer, and its peer\'s afterwards', {}, manager => {
    using conn = manager.openConnection('inbound', true, sampleAddr(1))
    assert.equal(conn.peerScope, undefined)
    assert.equal(conn.setPeer(alice).peer.toString(), alice.toString())
    assert.equal((conn.peerScope as { peer?: unknown } | undefined)?.peer?.toString(), alice.toString())
  }),
  managerCase('a second setPeer throws ScopeAttachedError, and the first stays', {}, manager => {
    using conn = manager.openConnection('inbound', true, sampleAddr(1))
    conn.setPeer(alice)
    assert.throws(() => conn.setPeer(bob), ScopeAttachedError.is)
    assert.throws(() => conn.setPeer(alice), ScopeAttachedError.is)
    assert.equal(conn.peerScope?.peer.toString(), alice.toString())
  }),
  managerCase('a stream has its peer\'s scope from the start, and neither a protocol\'s nor a service\'s', {}, manager => {
    using stream = manager.openStream(alice, 'inbound')
    assert.equal(stream.peerScope.peer.toString(), alice.toString())
    assert.equal(stream.protocolScope, undefined)
    assert.equal(stream.serviceScope, undefined)
  }),
  managerCase('a stream has its protocol\'s scope after setProtocol, and its service\'s after setService', {}, manager => {
    using stream = manager.openStream(alice, 'inbound')
    stream.setProtocol('/a/1')
    const attached = (): unknown[] => [stream.protocolScope?.protocol, stream.serviceScope?.name]
    assert.deepEqual(attached(), ['/a/1', undefined])
    stream.setService('service')
    assert.deepEqual(attached(), ['/a/1', 'service'])
  }),
  managerCase('a second setProtocol throws ScopeAttachedError, and the first stays', {}, manager => {
    using stream = manager.openStream(alice, 'inbound')
    stream.setProtocol('/a/1')
    assert.throws(() => { stream.setProtocol('/b/1') }, ScopeAttachedError.is)
    assert.equal(stream.protocolScope?.protocol, '/a/1')
  }),
  managerCase('a second setService throws ScopeAttachedError, and the first stays', {}, manager => {
    using stream = manager.openStream(alice, 'inbound')
    stream.setProtocol('/a/1')
    stream.setService('first')
    assert.throws(() => { stream.setService('second') }, ScopeAttachedError.is)
    assert.equal(stream.serviceScope?.name, 'first')
  }),
  managerCase('setService before setProtocol throws ScopeNotAttachedError, and may be tried again behind it', {}, manager => {
    using stream = manager.openStream(alice, 'inbound')
    assert.throws(() => { stream.setService('service') }, ScopeNotAttachedError.is)
    assert.equal(stream.serviceScope, undefined)
    stream.setProtocol('/a/1')
    stream.setService('service')
  }),
  managerCase('connections and streams of every direction are taken', {}, manager => {
    for (const direction of ['inbound', 'outbound', 'unknown'] as const) {
      using conn = manager.openConnection(direction, false, sampleAddr(1))
      using stream = manager.openStream(alice, direction)
      conn.setPeer(alice)
      stream.setProtocol('/a/1')
    }
  }),
  managerCase('connections to addresses of every kind are taken', {}, manager => {
    for (const text of ODD_ADDRS) {
      using conn = manager.openConnection('inbound', true, multiaddr(text))
      conn.setPeer(alice)
    }
  })
]
