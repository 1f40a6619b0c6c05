import assert from 'node:assert/strict'
import type { Conn, Network } from '@weir/network'
import { sampleAddr } from '../sample-addr.ts'
import { afterClose } from '../trait-after-close.ts'
import { closedTwice } from '../trait-closed-twice.ts'
import { until } from '../until.ts'
import { within } from '../within.ts'
import type { NetworkPair } from './network-pair.ts'
import { type NetworkCase, onPair, pairCase } from './pair-case.ts'

const anyError = (error: unknown): boolean => error instanceof Error

/** Ends: of connections, and of the whole network. */
export const closeCases: readonly NetworkCase[] = [
  ...onPair(closedTwice<Conn>([
    { name: 'close', call: conn => conn.close() },
    { name: 'closeWithError', call: conn => conn.closeWithError(0x1006) },
    { name: 'asyncDispose', call: conn => conn[Symbol.asyncDispose]() }
  ]), 'a connection', async pair => (await pair.connect()).near),
  ...onPair(closedTwice<Network>([
    { name: 'close', call: network => network.close() },
    { name: 'asyncDispose', call: network => network[Symbol.asyncDispose]() }
  ]), 'a network', async pair => {
    await pair.stream()
    return pair.b
  }),
  ...onPair(afterClose<NetworkPair>([
    { name: 'dialPeer', call: ({ a, b }) => a.dialPeer(b.localPeer), refuses: anyError },
    { name: 'newStream', call: ({ a, b }) => a.newStream(b.localPeer), refuses: anyError },
    { name: 'newStream with noDial', call: ({ a, b }) => a.newStream(b.localPeer, { noDial: 'test' }), refuses: anyError },
    { name: 'listen', call: ({ a, subject }) => a.listen(subject.listenAddr), refuses: anyError },
    { name: 'closePeer', call: ({ a, b }) => a.closePeer(b.localPeer) },
    { name: 'connectedness', call: ({ a, b }) => { assert.equal(a.connectedness(b.localPeer), 'NotConnected') } },
    { name: 'peers', call: ({ a }) => { assert.deepEqual(a.peers(), []) } },
    { name: 'conns', call: ({ a }) => { assert.deepEqual(a.conns(), []) } },
    { name: 'connsToPeer', call: ({ a, b }) => { assert.deepEqual(a.connsToPeer(b.localPeer), []) } },
    { name: 'setStreamHandler', call: ({ a }) => { a.setStreamHandler(() => {}) } },
    { name: 'listenClose', call: ({ a, subject }) => a.listenClose(subject.listenAddr) },
    { name: 'listenAddresses', call: ({ a }) => { assert.deepEqual(a.listenAddresses(), []) } },
    { name: 'interfaceListenAddresses', call: ({ a }) => { assert.deepEqual(a.interfaceListenAddresses(), []) } }
  ], async ({ a }) => { await a.close() }), 'a network', async pair => {
    await pair.a.listen(pair.subject.listenAddr)
    await pair.connect()
    return pair
  }),
  pairCase('closing a network ends its connections and streams, on both sides', async pair => {
    const { near, far } = await pair.stream()
    const reads = [assert.rejects(near.read()), assert.rejects(far.read())]
    await within(pair.b.close(), 'b closes')
    assert.equal(far.conn.isClosed(), true)
    assert.deepEqual(pair.b.conns(), [])
    await within(Promise.all(reads), 'the reads end')
    await until(() => pair.a.conns().length === 0, 'a hears of the end')
    assert.equal(near.conn.isClosed(), true)
  }),
  pairCase('closing a network ends the dials that are under way', async pair => {
    const dialling = assert.rejects(pair.a.dialPeer(pair.b.localPeer))
    await within(pair.a.close(), 'a closes')
    await within(dialling, 'the dial ends')
    assert.deepEqual(pair.a.conns(), [])
  }),
  pairCase('closing a network leaves the resource manager and the peerstore open, which it was handed', async pair => {
    await within(pair.a.close(), 'a closes')
    pair.a.resourceManager.openConnection('inbound', false, sampleAddr(1)).done()
    assert(pair.a.peerstore.addrs(pair.b.localPeer).length > 0)
  }),
  pairCase('the resource manager that a network shows is the one it was given', async pair => {
    await pair.connect()
    pair.a.resourceManager.openConnection('inbound', false, sampleAddr(7)).done()
    assert(pair.logOfA.includes(`openConnection inbound ${sampleAddr(7)}`))
  }),
  pairCase('a remote that is gone ends the connection here', async pair => {
    const { near } = await pair.connect()
    await within(pair.b.close(), 'b closes')
    await until(() => near.isClosed(), 'a hears of the end')
    assert.deepEqual(pair.a.conns(), [])
  })
]
