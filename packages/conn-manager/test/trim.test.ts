import assert from 'node:assert/strict'
import type { Conn } from '@weir/network'
import { addrIn, ConnHouse, newPeer, peerOf } from './conn-house.ts'

const names = (conns: readonly Conn[]): string[] => conns.map(({ remotePeer }) => remotePeer.toString())

describe('a trim', () => {
  it('takes of equal peers those of the most crowded part of the net, and leaves one of each', async () => {
    await using house = new ConnHouse({ lowWater: 4, highWater: 20 })
    for (let n = 0; n < 10; n++) house.connect(newPeer(), { addr: addrIn(1, n), numStreams: 3 })
    for (let n = 0; n < 3; n++) house.connect(newPeer(), { addr: addrIn(2, n), numStreams: 3 })
    for (const group of [3, 4]) house.connect(peerOf(`alone ${group}`), { addr: addrIn(group) })
    await house.manager.trimOpenConns()
    assert.deepEqual([...house.open.values()].map(conn => conn.remoteMultiaddr.toString().split('.')[1]), ['1', '2', '3', '4'])
  })

  it('takes what is worth less before what is more crowded', async () => {
    await using house = new ConnHouse({ lowWater: 3, highWater: 20 })
    for (let n = 0; n < 3; n++) house.manager.tagPeer(house.connect(newPeer(), { addr: addrIn(1, n) }).remotePeer, 'test:a', 1)
    for (const group of [2, 3]) house.connect(newPeer(), { addr: addrIn(group) })
    await house.manager.trimOpenConns()
    assert.deepEqual(house.closed.sort(), ['c4', 'c5'])
  })

  it('counts the connections of a peer to its part of the net', async () => {
    await using house = new ConnHouse({ lowWater: 2, highWater: 20 })
    for (let n = 0; n < 3; n++) house.connect(peerOf('many'), { addr: addrIn(1, n), numStreams: 9 })
    house.connect(peerOf('one'), { addr: addrIn(2) })
    await house.manager.trimOpenConns()
    assert.deepEqual(names([...house.open.values()]), ['one'])
  })

  it('of all that is equal takes the youngest', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 20 })
    for (let n = 0; n < 3; n++) {
      house.connect(newPeer())
      house.clock.advance(1)
    }
    await house.manager.trimOpenConns()
    assert.deepEqual(house.closed, ['c3', 'c2'])
  })

  it('leaves some outbound peers, be they worth least', async () => {
    await using house = new ConnHouse({ lowWater: 10, highWater: 30, reservedOutboundRatio: 0.3 })
    for (let n = 0; n < 5; n++) house.connect(peerOf(`out ${n}`), { direction: 'outbound' })
    for (let n = 0; n < 20; n++) house.manager.tagPeer(house.connect(newPeer(), { direction: 'inbound' }).remotePeer, 'test:a', 1)
    const { spared } = await house.manager.trimOpenConns()
    assert.equal(house.open.size, 10)
    assert.equal([...house.open.values()].filter(conn => conn.stat().direction === 'outbound').length, 3)
    assert.deepEqual(new Set(spared.map(({ reason }) => reason)), new Set(['one of the last outbound peers']))
  })

  it('spares the trusted, and asks each time', async () => {
    const trusted = new Set(['a'])
    await using house = new ConnHouse({ lowWater: 1, highWater: 20, isTrusted: peer => trusted.has(peer.toString()) })
    for (const name of ['b', 'c', 'a']) {
      house.connect(peerOf(name))
      house.clock.advance(1)
    }
    assert.deepEqual((await house.manager.trimOpenConns()).spared.map(({ reason }) => reason), ['trusted'])
    assert.deepEqual(house.closed, ['c2'])
    trusted.clear()
    await house.manager.trimOpenConns()
    assert.deepEqual(house.closed, ['c2', 'c3'])
  })

  it('takes whom it cannot ask about for a stranger, and says so', async () => {
    const errors: unknown[] = []
    await using house = new ConnHouse({ lowWater: 1, highWater: 20, isTrusted: () => { throw new Error('of the gater') }, groupOf: () => { throw new Error('of the map') }, onError: error => { errors.push(error) } })
    house.connectMany(2)
    await house.manager.trimOpenConns()
    assert.deepEqual([house.closed.length, new Set(errors.map(String))], [1, new Set(['Error: of the gater', 'Error: of the map'])])
  })

  it('counts no connection that ended and was not reported yet', async () => {
    await using house = new ConnHouse({ lowWater: 2, highWater: 20 })
    const [first, ...others] = house.connectMany(3)
    assert(first)
    Object.assign(first, { isClosed: () => true })
    assert.deepEqual((await house.manager.trimOpenConns()).closed, [])
    assert.equal(others.length, 2)
  })

  it('gives a report that can be cloned, with a reason for each', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 20 })
    house.connectMany(2)
    house.manager.protect(house.connect(newPeer()).remotePeer, 'test')
    const { closed, spared, reason } = await house.manager.trimOpenConns()
    assert.match(closed[0]?.reason ?? '', /^value 0, 2 more from 10\.0\.0\.0\/16, 0 streams, outbound$/)
    assert.deepEqual(spared.map(each => each.reason), ['protected'])
    assert.match(reason, /^1 of 3 connections above the low mark of 1, with 1 that are spared/)
  })

  it('does not wait for a wire that never ends', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 20, closeTimeoutMs: 5_000 })
    house.connectMany(2, { closing: new Promise(() => {}) })
    const trim = house.manager.trimOpenConns()
    await house.clock.advanceAsync(5_000)
    assert.equal((await trim).closed.length, 1)
  })

  it('is not waited for beyond a signal, and goes on', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 20 })
    const { promise: closing, resolve } = Promise.withResolvers<void>()
    house.connectMany(2, { closing })
    const controller = new AbortController()
    const [impatient, patient] = [house.manager.trimOpenConns({ signal: controller.signal }), house.manager.trimOpenConns()]
    const unhurried = house.manager.trimOpenConns({ signal: new AbortController().signal })
    controller.abort(new Error('enough'))
    await assert.rejects(impatient, /enough/)
    resolve()
    assert.equal((await patient).closed.length, 1)
    assert.equal(await unhurried, await patient)
    await assert.rejects(house.manager.trimOpenConns({ signal: controller.signal }), /enough/)
    await assert.rejects(house.manager.forceTrim({ signal: controller.signal }), /enough/)
  })
})

describe('a trim by force', () => {
  it('goes to the low mark exactly, whatever is in grace', async () => {
    await using house = new ConnHouse({ lowWater: 5, highWater: 20, gracePeriodMs: 60_000 })
    house.connectMany(20)
    const { closed, reason } = await house.manager.forceTrim()
    assert.deepEqual([closed.length, house.open.size], [15, 5])
    assert.match(reason, /^by force: 15 of 20/)
  })

  it('takes the protected too when the others are not enough, each once (fault 11)', async () => {
    await using house = new ConnHouse({ lowWater: 4, highWater: 20, isTrusted: peer => peer.toString() === 'friend' })
    const others = house.connectMany(8) // more than half of the goal: Go leaves it at that
    const guarded = house.connectMany(6)
    for (const { remotePeer } of guarded) house.manager.protect(remotePeer, 'test')
    const friend = house.connect(peerOf('friend'))
    const { closed, spared } = await house.manager.forceTrim()
    assert.deepEqual([closed.length, new Set(closed.map(({ connId }) => connId)).size, house.open.size], [11, 11, 4])
    assert(others.every(conn => conn.isClosed()))
    assert(!friend.isClosed(), 'the trusted come last')
    assert.deepEqual(spared.length, 4)
    await using last = new ConnHouse({ lowWater: 0, highWater: 20, isTrusted: () => true })
    last.connectMany(2)
    assert.equal((await last.manager.forceTrim()).closed.length, 2)
  })

  it('does nothing at the low mark, and says why', async () => {
    await using house = new ConnHouse({ lowWater: 2, highWater: 20 })
    house.connectMany(2)
    assert.match((await house.manager.forceTrim()).reason, /no more than the low mark of 2/)
    assert.deepEqual(house.closed, [])
  })

  it('counts as the last trim', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 2, silencePeriodMs: 10_000 })
    house.clock.advance(9_000)
    house.connectMany(2)
    await house.manager.forceTrim()
    house.connectMany(4)
    await house.clock.advanceAsync(9_999)
    assert.equal(house.closed.length, 1)
    await house.clock.advanceAsync(1)
    assert.equal(house.closed.length, 1 + 4)
  })
})
