import assert from 'node:assert/strict'
import { ADDRESS_TTL_MS, Connectedness, ConnClosedError, NoConnError, NoRemoteAddrsError } from '@weir/network'
import { aborted } from '../trait-aborted.ts'
import { until } from '../until.ts'
import { within } from '../within.ts'
import { echo, readAll, utf8 } from '../muxed-stream/bytes.ts'
import type { NetworkPair } from './network-pair.ts'
import { type NetworkCase, onPair, pairCase } from './pair-case.ts'

/** Connections: how they come to be, and what is known of them. */
export const dialCases: readonly NetworkCase[] = [
  pairCase('dialPeer gives a connection to that very peer, and both sides agree on it', async pair => {
    const { near, far } = await pair.connect()
    assert.deepEqual([near.localPeer, near.remotePeer].map(String), [pair.a.localPeer, pair.b.localPeer].map(String))
    assert.deepEqual([far.localPeer, far.remotePeer].map(String), [pair.b.localPeer, pair.a.localPeer].map(String))
    assert.deepEqual([near.stat().direction, far.stat().direction], ['outbound', 'inbound'])
    assert.deepEqual([near.isClosed(), far.isClosed()], [false, false])
    assert(near.remotePublicKey !== undefined && far.remotePublicKey !== undefined)
    assert.equal(near.connState().streamMultiplexer, far.connState().streamMultiplexer)
    assert(near.id.length > 0)
  }),
  pairCase('dialPeer again gives the connection that is there', async pair => {
    const { near } = await pair.connect()
    assert.equal(await pair.a.dialPeer(pair.b.localPeer), near)
    assert.equal(pair.a.conns().length, 1)
  }),
  pairCase('a peer is known by its text, not by the value it comes as', async pair => {
    const { near } = await pair.connect()
    const text = pair.b.localPeer.toString()
    assert.equal(await pair.a.dialPeer({ type: pair.b.localPeer.type, toString: () => text }), near)
    assert.equal(pair.a.connectedness({ type: 'another', toString: () => text }), Connectedness.connected)
  }),
  pairCase('callers for one peer at the same time share one dial', async pair => {
    const conns = await within(Promise.all(Array.from({ length: 5 }, () => pair.a.dialPeer(pair.b.localPeer))), 'all have dialled')
    assert.equal(new Set(conns).size, 1)
    assert.equal(pair.a.conns().length, 1)
    assert.equal(pair.logOfA.filter(line => line.startsWith('openConnection')).length, 1)
  }),
  pairCase('a caller who gives up a shared dial takes nobody with him', async pair => {
    const controller = new AbortController()
    const leaving = pair.a.dialPeer(pair.b.localPeer, { signal: controller.signal })
    const staying = pair.a.dialPeer(pair.b.localPeer)
    controller.abort(new Error('given up'))
    await within(assert.rejects(leaving), 'the first caller gives up')
    assert.equal((await within(staying, 'the second caller is connected')).isClosed(), false)
  }),
  ...onPair(aborted<NetworkPair>([
    { name: 'dialPeer', call: (pair, signal) => pair.a.dialPeer(pair.b.localPeer, { signal }), waits: true },
    { name: 'newStream', call: (pair, signal) => pair.a.newStream(pair.b.localPeer, { signal }), waits: true }
  ]), 'a network', async pair => pair),
  pairCase('after a dial that was given up, another one works', async pair => {
    const controller = new AbortController()
    const leaving = pair.a.dialPeer(pair.b.localPeer, { signal: controller.signal })
    controller.abort(new Error('given up'))
    await within(assert.rejects(leaving), 'the dial is given up')
    await pair.connect()
  }),
  pairCase('dialling a peer of whom no address is known rejects with NoRemoteAddrsError', async pair => {
    const stranger = (await pair.another()).localPeer
    await within(assert.rejects(pair.a.dialPeer(stranger), NoRemoteAddrsError.is), 'the dial')
    await within(assert.rejects(pair.a.newStream(stranger), NoRemoteAddrsError.is), 'the stream')
  }),
  pairCase('dialling oneself is refused', async pair => {
    pair.acquaint(pair.b, pair.b)
    await within(assert.rejects(pair.b.dialPeer(pair.b.localPeer)), 'the dial')
    assert.deepEqual(pair.b.conns(), [])
  }),
  pairCase('a peer that answers under another\'s name is not taken for it', async pair => {
    const stranger = (await pair.another()).localPeer
    pair.a.peerstore.addAddrs(stranger, pair.b.listenAddresses(), ADDRESS_TTL_MS.permanent)
    await within(assert.rejects(pair.a.dialPeer(stranger)), 'the dial')
    assert.deepEqual([pair.a.conns(), pair.a.peers()], [[], []])
    assert.equal(pair.a.connectedness(stranger), Connectedness.notConnected)
    await until(() => pair.b.conns().length === 0, 'b is rid of it, too')
  }),
  pairCase('both sides know who is connected, and that it is over', async pair => {
    const { a, b } = pair
    assert.equal(a.connectedness(b.localPeer), Connectedness.notConnected)
    const { near, far } = await pair.connect()
    assert.deepEqual([a.connectedness(b.localPeer), b.connectedness(a.localPeer)], [Connectedness.connected, Connectedness.connected])
    assert.deepEqual([a.peers().map(String), b.peers().map(String)], [[b.localPeer.toString()], [a.localPeer.toString()]])
    assert.deepEqual([a.conns()[0], a.connsToPeer(b.localPeer)[0], b.connsToPeer(a.localPeer)[0]], [near, near, far])
    await within(near.close(), 'the connection closes')
    assert.deepEqual([a.peers(), a.conns(), a.connsToPeer(b.localPeer)], [[], [], []])
    await until(() => b.conns().length === 0, 'b hears of the end')
    assert.deepEqual([b.peers(), b.connsToPeer(a.localPeer), b.connectedness(a.localPeer)], [[], [], Connectedness.notConnected])
  }),
  pairCase('the lists of a network belong to whoever asked for them', async pair => {
    await pair.connect()
    for (const list of [pair.a.peers(), pair.a.conns(), pair.a.connsToPeer(pair.b.localPeer), pair.b.listenAddresses(), pair.b.interfaceListenAddresses()]) list.length = 0
    assert.deepEqual([pair.a.peers().length, pair.a.conns().length, pair.a.connsToPeer(pair.b.localPeer).length, pair.b.listenAddresses().length], [1, 1, 1, 1])
  }),
  pairCase('connsToPeer lists the oldest first, and peers each peer once, when both have dialled', async pair => {
    await pair.a.listen(pair.subject.listenAddr)
    pair.acquaint(pair.b, pair.a)
    await within(Promise.all([pair.a.dialPeer(pair.b.localPeer), pair.b.dialPeer(pair.a.localPeer)]), 'both have dialled')
    for (const [network, peer] of [[pair.a, pair.b.localPeer], [pair.b, pair.a.localPeer]] as const) {
      const opened = network.connsToPeer(peer).map(conn => conn.stat().openedMs)
      assert.deepEqual(opened, opened.toSorted((x, y) => x - y))
      assert(network.peers().length <= 1)
    }
  }),
  pairCase('newStream dials where it must, and uses the connection that is there where it can', async pair => {
    pair.b.setStreamHandler(echo)
    for (let i = 0; i < 3; i++) {
      const stream = await within(pair.a.newStream(pair.b.localPeer), 'the stream')
      await stream.write(utf8('hello'))
      await stream.closeWrite()
      assert.deepEqual(Buffer.from(await readAll(stream)).toString(), 'hello')
      await stream.close()
    }
    assert.equal(pair.a.conns().length, 1)
  }),
  pairCase('newStream with noDial dials nobody: NoConnError without a connection, a stream with one', async pair => {
    await within(assert.rejects(pair.a.newStream(pair.b.localPeer, { noDial: 'test' }), NoConnError.is), 'the stream')
    assert.deepEqual(pair.logOfA, [])
    await pair.connect()
    const stream = await within(pair.a.newStream(pair.b.localPeer, { noDial: 'test' }), 'the stream')
    assert.equal(stream.conn, pair.a.conns()[0])
  }),
  pairCase('closePeer closes all connections to the peer, and none is left on either side', async pair => {
    const { near } = await pair.connect()
    await within(pair.a.closePeer(pair.b.localPeer), 'closePeer')
    assert.equal(near.isClosed(), true)
    assert.deepEqual(pair.a.conns(), [])
    await until(() => pair.b.conns().length === 0, 'b hears of the end')
    await pair.a.closePeer(pair.b.localPeer)
  }),
  pairCase('a connection that has ended opens no stream: ConnClosedError', async pair => {
    const { near, far } = await pair.connect()
    await within(near.close(), 'the connection closes')
    await within(assert.rejects(near.newStream(), ConnClosedError.is), 'the stream')
    await until(() => far.isClosed(), 'b hears of the end')
    await within(assert.rejects(far.newStream(), ConnClosedError.is), 'the stream of the other side')
  }),
  pairCase('after the end of a connection the peer can be dialled again', async pair => {
    const { near } = await pair.connect()
    await within(near.close(), 'the connection closes')
    const again = await within(pair.a.dialPeer(pair.b.localPeer), 'the second dial')
    assert.notEqual(again, near)
    assert.notEqual(again.id, near.id)
  })
]
