import assert from 'node:assert/strict'
import { type Conn, ConnErrorCode } from '@weir/network'
import { createConnManager, WatermarkAboveLimitError } from '../src/index.ts'
import { addrIn, ConnHouse, newPeer, peerOf } from './conn-house.ts'

// The inventory of reference/go-libp2p.md 3.5. The name in front of each is that of Go's test.

const peersOf = (conns: readonly Conn[]): string[] => conns.map(({ remotePeer }) => remotePeer.toString())

describe('as in Go\'s connection manager', () => {
  it('TestTrimBlocks: a trim waits until its connections are closed', async () => {
    await using house = new ConnHouse({ lowWater: 200, highWater: 300 })
    const { promise: closing, resolve } = Promise.withResolvers<void>()
    house.connectMany(201, { closing })
    let trimmed = false
    const trim = house.manager.trimOpenConns().then(() => { trimmed = true })
    await house.clock.advanceAsync(0)
    assert.equal(trimmed, false)
    resolve()
    await trim
    assert.equal(house.closed.length, 1)
  })

  it('TestTrimJoin: trims that are asked for while one is running are that one', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 3 })
    const { promise: closing, resolve } = Promise.withResolvers<void>()
    house.connectMany(3, { closing })
    const trims = [house.manager.trimOpenConns(), house.manager.trimOpenConns(), house.manager.trimOpenConns()]
    house.connectMany(5)
    resolve()
    const [first, ...others] = await Promise.all(trims)
    for (const other of others) assert.equal(other, first)
    assert.equal(house.closed.length, 2)
    assert.equal(house.manager.info().numTrims, 1)
  })

  it('TestTrimClosed: a trim after close returns', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 2 })
    house.connectMany(3)
    await house.manager.close()
    for (const trim of [house.manager.trimOpenConns(), house.manager.forceTrim()]) assert.match((await trim).reason, /closed/)
    assert.deepEqual(house.closed, [])
  })

  it('TestConnTrimming: those worth most survive, the one worth least goes', async () => {
    await using house = new ConnHouse({ lowWater: 200, highWater: 300 })
    const conns = house.connectMany(300)
    for (const conn of conns.slice(0, 100)) house.manager.tagPeer(conn.remotePeer, 'test:foo', 10)
    const bad = conns[299] as Conn
    house.manager.tagPeer(bad.remotePeer, 'test:badness', -5)
    await house.manager.trimOpenConns()
    for (const conn of conns.slice(0, 100)) assert(!conn.isClosed())
    assert(bad.isClosed(), 'the least')
    assert.equal(house.closed.length, 100)
  })

  for (const [lowWater, highWater, count, gracePeriodMs] of [[0, 10, 20, 0], [10, 0, 20, 0], [1, 1, 1, 0], [1, 1, 3, 600_000]] as const) {
    it(`TestConnsToClose: marks of ${lowWater} and ${highWater}, grace ${gracePeriodMs}: ${count} connections all stay`, async () => {
      await using house = new ConnHouse({ lowWater, highWater, gracePeriodMs })
      house.connectMany(count)
      const report = await house.manager.trimOpenConns()
      assert.deepEqual([report.closed, house.closed], [[], []])
      assert(report.reason.length > 0)
    })
  }

  it('TestGetTagInfo: nothing of the unknown; values, tags and times of the others', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 1 })
    const startMs = house.clock.wallMs()
    house.clock.advance(500)
    const conn = house.connect(peerOf('a'))
    assert.equal(house.manager.tagInfo(peerOf('other')), undefined)
    house.manager.tagPeer(conn.remotePeer, 'test:tag', 10)
    assert.equal(house.manager.tagInfo(peerOf('other')), undefined)
    house.clock.advance(500)
    assert.deepEqual(house.manager.tagInfo(conn.remotePeer), { firstSeenMs: startMs + 500, value: 10, tags: new Map([['test:tag', 10]]), conns: new Map([[conn.id, startMs + 500]]) })
  })

  it('TestTagPeerNonExistant: a tag of a peer that is not connected makes a temporary entry', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 1 })
    house.manager.tagPeer(peerOf('a'), 'test:tag', 1)
    assert.equal(house.manager.tagInfo(peerOf('a'))?.value, 1)
    assert.equal(house.manager.info().numTempPeers, 1)
  })

  it('TestUntagPeer: takes one tag; of tags and peers that are not there it takes nothing', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 1 })
    const { remotePeer } = house.connect(newPeer())
    house.manager.tagPeer(remotePeer, 'test:tag', 10)
    house.manager.tagPeer(remotePeer, 'test:other', 5)
    house.manager.untagPeer(peerOf('nobody'), 'test:tag')
    house.manager.untagPeer(remotePeer, 'test:never')
    assert.equal(house.manager.tagInfo(remotePeer)?.value, 15)
    house.manager.untagPeer(remotePeer, 'test:tag')
    assert.deepEqual([house.manager.tagInfo(remotePeer)?.value, [...house.manager.tagInfo(remotePeer)?.tags.keys() ?? []]], [5, ['test:other']])
  })

  it('TestUpsertTag: before a connection, and kept by it', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 1 })
    const peer = newPeer()
    house.manager.upsertTag(peer, 'test:tag', value => value + 1)
    assert.equal(house.manager.tagInfo(peer)?.value, 1)
    house.connect(peer)
    house.manager.upsertTag(peer, 'test:tag', value => value + 1)
    assert.equal(house.manager.tagInfo(peer)?.value, 2)
    house.manager.upsertTag(peer, 'test:tag', value => value - 1)
    assert.equal(house.manager.tagInfo(peer)?.value, 1)
  })

  it('TestGetInfo: marks, grace, count, last trim', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 5, gracePeriodMs: 600_000 })
    assert.equal(house.manager.info().lastTrimMs, undefined)
    const trim = house.manager.trimOpenConns()
    const trimmedMs = house.clock.wallMs()
    await trim
    house.clock.advance(5)
    const { lowWater, highWater, gracePeriodMs, numConns, lastTrimMs } = house.manager.info()
    assert.deepEqual({ lowWater, highWater, gracePeriodMs, numConns, lastTrimMs }, { lowWater: 1, highWater: 5, gracePeriodMs: 600_000, numConns: 0, lastTrimMs: trimmedMs })
  })

  it('TestDoubleConnection: what is told twice counts once, and keeps its tags', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 5, gracePeriodMs: 600_000 })
    const conn = house.connect(newPeer())
    house.manager.tagPeer(conn.remotePeer, 'test:foo', 10)
    house.tellConnected(conn)
    assert.equal(house.manager.info().numConns, 1)
    assert.equal(house.manager.tagInfo(conn.remotePeer)?.value, 10)
  })

  it('TestDisconnected: a foreign connection or peer changes nothing, the last one ends the entry', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 5, gracePeriodMs: 600_000 })
    const conn = house.connect(newPeer())
    house.manager.tagPeer(conn.remotePeer, 'test:foo', 10)
    house.tellDisconnected({ ...conn, remotePeer: peerOf('nobody') })
    house.tellDisconnected({ ...conn, id: 'foreign' })
    assert.equal(house.manager.tagInfo(conn.remotePeer)?.value, 10)
    house.tellDisconnected(conn)
    assert.equal(house.manager.tagInfo(conn.remotePeer), undefined)
    assert.equal(house.manager.info().numConns, 0)
  })

  it('TestGracePeriod: an old one and thirty new: none goes in grace, then all above the low mark', async () => {
    await using house = new ConnHouse({ lowWater: 10, highWater: 20, gracePeriodMs: 100, silencePeriodMs: 1_000_000 })
    house.connect(newPeer())
    house.clock.advance(200)
    house.connectMany(30)
    assert.deepEqual((await house.manager.trimOpenConns()).closed, [])
    house.clock.advance(200)
    await house.manager.trimOpenConns()
    assert.equal(house.closed.length, 21)
  })

  it('TestQuickBurstRespectsSilencePeriod: a burst is trimmed once', async () => {
    await using house = new ConnHouse({ lowWater: 10, highWater: 20, silencePeriodMs: 10_000 })
    house.clock.advance(10_000)
    house.connectMany(30)
    await house.clock.advanceAsync(3_000)
    assert.deepEqual([house.closed.length, house.closed.length + house.open.size], [20, 30])
  })

  it('TestPeerProtectionSingleTag: the protected stay whatever they are worth, and count for nothing', async () => {
    await using house = new ConnHouse({ lowWater: 19, highWater: 20, silencePeriodMs: 1_000_000 })
    const add = (count: number): Conn[] => house.connectMany(count).map(conn => {
      house.manager.tagPeer(conn.remotePeer, 'test:value', 20)
      return conn
    })
    const guarded = add(20).slice(0, 5)
    for (const { remotePeer } of guarded) {
      house.manager.protect(remotePeer, 'global')
      house.manager.tagPeer(remotePeer, 'test:value', -100)
    }
    add(1)
    await house.manager.trimOpenConns()
    assert.deepEqual(house.closed, [])
    add(5)
    await house.manager.trimOpenConns()
    assert.equal(house.closed.length, 2)
    assert(guarded.every(conn => !conn.isClosed()))
    const [first, ...others] = guarded
    assert(first)
    house.manager.unprotect(first.remotePeer, 'global')
    add(2)
    await house.manager.trimOpenConns()
    assert(first.isClosed())
    assert(others.every(conn => !conn.isClosed()))
  })

  it('TestPeerProtectionMultipleTags: protected until every tag is taken back', async () => {
    await using house = new ConnHouse({ lowWater: 19, highWater: 20, silencePeriodMs: 1_000_000 })
    const conns = house.connectMany(20)
    const guarded = conns.slice(0, 5)
    for (const { remotePeer } of conns) house.manager.tagPeer(remotePeer, 'test:value', 20)
    for (const { remotePeer } of guarded) {
      house.manager.protect(remotePeer, 'tag1')
      house.manager.protect(remotePeer, 'tag2')
      house.manager.tagPeer(remotePeer, 'test:value', -100)
    }
    const more = (): void => { for (const { remotePeer } of house.connectMany(5)) house.manager.tagPeer(remotePeer, 'test:value', 20) }
    more()
    await house.manager.trimOpenConns()
    assert.equal(house.closed.length, 1)
    for (const { remotePeer } of guarded) assert.equal(house.manager.unprotect(remotePeer, 'tag1'), true)
    more()
    await house.manager.trimOpenConns()
    assert(guarded.every(conn => !conn.isClosed()))
    const [first, ...others] = guarded
    assert(first)
    assert.equal(house.manager.unprotect(first.remotePeer, 'tag2'), false)
    more()
    await house.manager.trimOpenConns()
    assert(first.isClosed())
    assert(others.every(conn => !conn.isClosed()))
  })

  it('TestPeerProtectionIdempotent: a protection given often is taken back once', async () => {
    await using house = new ConnHouse({ lowWater: 10, highWater: 20 })
    const peer = newPeer()
    for (let n = 0; n < 3; n++) house.manager.protect(peer, 'global')
    assert.equal(house.manager.unprotect(peer, 'unused'), true)
    assert.equal(house.manager.unprotect(peer, 'global'), false)
    assert.equal(house.manager.unprotect(peer, 'unused2'), false)
    assert.equal(house.manager.isProtected(peer), false)
  })

  it('TestTemporaryEntriesClearedFirst: a trim takes the tags of who never connected', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 1 })
    house.manager.tagPeer(peerOf('a'), 'test:tag', 20)
    assert.equal(house.manager.tagInfo(peerOf('a'))?.value, 20)
    house.connectMany(2)
    await house.manager.trimOpenConns()
    assert.equal(house.manager.tagInfo(peerOf('a')), undefined)
  })

  it('TestTemporaryEntryConvertedOnConnection: it keeps its value, and is seen first when it connects', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 1 })
    const peer = newPeer()
    house.manager.tagPeer(peer, 'test:tag', 20)
    house.clock.advance(1_000)
    house.connect(peer)
    assert.deepEqual([house.manager.tagInfo(peer)?.value, house.manager.tagInfo(peer)?.firstSeenMs], [20, house.clock.wallMs()])
    assert.deepEqual([house.manager.info().numTempPeers, house.manager.info().numPeers], [0, 1])
  })

  it('TestConcurrentCleanupAndTagging: tagging while a trim runs', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 1 })
    const { promise: closing, resolve } = Promise.withResolvers<void>()
    const conns = house.connectMany(50, { closing })
    const trim = house.manager.trimOpenConns()
    for (const { remotePeer } of conns) house.manager.tagPeer(remotePeer, 'test:tag', 1)
    resolve()
    await trim
    assert.deepEqual([house.manager.info().numConns, house.manager.info().numTempPeers], [1, 49])
  })

  const order = (house: ConnHouse): string[] => house.manager.explain().map(({ peer }) => peer.toString())

  it('TestPeerInfoSorting: temporary ones first', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 1 })
    house.connect(peerOf('p1'))
    house.manager.tagPeer(peerOf('p2'), 'test:tag', 5)
    assert.deepEqual(order(house), ['p2', 'p1'])
  })

  it('TestPeerInfoSorting: those of low value first', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 1 })
    for (const [name, value] of [['p1', 40], ['p2', 20]] as const) {
      house.connect(peerOf(name))
      house.manager.tagPeer(peerOf(name), 'test:tag', value)
    }
    assert.deepEqual(order(house), ['p2', 'p1'])
  })

  it('TestPeerInfoSorting: the idle first, then those that came in, then those with fewer streams', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 1 })
    house.connect(peerOf('p1'), { direction: 'outbound', numStreams: 1 })
    house.connect(peerOf('p2'), { direction: 'outbound', numStreams: 3 })
    house.connect(peerOf('p3'), { direction: 'inbound', numStreams: 9 })
    house.connect(peerOf('p4'), { direction: 'outbound' })
    assert.deepEqual(order(house), ['p4', 'p3', 'p1', 'p2'])
  })

  it('TestPeerInfoSorting: in an emergency the idle, then what came in, then most streams first', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 10 })
    const conns = [
      house.connect(peerOf('p1'), { direction: 'outbound', numStreams: 100 }),
      house.connect(peerOf('p2'), { direction: 'outbound', numStreams: 120 }),
      house.connect(peerOf('p3'), { direction: 'outbound' }),
      house.connect(peerOf('p4'), { direction: 'inbound', numStreams: 10 })
    ]
    const { closed } = await house.manager.forceTrim()
    assert.deepEqual(closed.map(({ peer }) => peer.toString()), ['p3', 'p4', 'p2'])
    assert.deepEqual(peersOf(conns.filter(conn => !conn.isClosed())), ['p1'])
  })

  it('TestPeerInfoSorting: in an emergency the streams of all connections of a peer count', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 10 })
    house.connect(peerOf('p1'), { numStreams: 100 })
    house.connect(peerOf('p2'), { numStreams: 80 })
    house.connect(peerOf('p2'), { numStreams: 40 })
    const { closed } = await house.manager.forceTrim()
    assert.deepEqual(closed.map(({ connId }) => connId), ['c2', 'c3'])
  })

  it('TestSafeConcurrency: peers, tags and ends in turns over many segments leave nothing', async () => {
    await using house = new ConnHouse({ lowWater: 10_000, highWater: 10_000 })
    const conns = house.connectMany(1_000, { addr: addrIn(7) })
    await Promise.all(conns.map(async (conn, index) => {
      house.manager.tagPeer(conn.remotePeer, 'test:tag', index)
      await Promise.resolve()
      house.manager.upsertTag(conn.remotePeer, 'test:tag', value => value + 1)
      assert.equal(house.manager.tagInfo(conn.remotePeer)?.value, index + 1)
      await conn.close()
    }))
    assert.deepEqual([house.manager.info().numConns, house.manager.info().numPeers], [0, 0])
  })

  it('TestCheckLimit: the high mark may be the limit, and not above it', () => {
    const manager = createConnManager({ lowWater: 10, highWater: 100 })
    manager.checkLimit({ connLimit: 101 })
    manager.checkLimit({ connLimit: 100 })
    assert.throws(() => { manager.checkLimit({ connLimit: 99 }) }, (error: unknown) => {
      assert(WatermarkAboveLimitError.is(error))
      assert.deepEqual([error.highWater, error.connLimit], [100, 99])
      assert.match(error.message, /100.*99.*lower highWater to 99 or less, or raise the limit to 100 or more/)
      return true
    })
  })

  // TestErrorCode needs a network: packages/host/test/conn-manager.test.ts. What is asked of the connection is here.
  it('TestErrorCode: a trim closes with the code for what is garbage-collected', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 2 })
    house.connectMany(3)
    await house.manager.trimOpenConns()
    assert.deepEqual([...house.codes.values()], [ConnErrorCode.garbageCollected, ConnErrorCode.garbageCollected])
  })
})
