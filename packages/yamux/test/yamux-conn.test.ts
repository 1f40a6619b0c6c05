import assert from 'node:assert/strict'
import { CloseTimeoutError, RemoteNotReadingError } from '@weir/adapters'
import { assertNoTimers, CountingPeerScope, ManualClock } from '@weir/compliance'
import { ConnClosedError, DeadlineExceededError, ResourceLimitExceededError, StreamErrorCode } from '@weir/network'
import { ConnectionWriteTimeoutError, KeepAliveTimeoutError, yamux } from '../src/index.ts'
import { ACK, data, FIN, goAway, type Parsed, parse, ping, RST, SYN, windowUpdate } from './frames.ts'
import type { HandConn } from './hand-conn.ts'
import { muxedByHand, muxedPair, readAll } from './pair.ts'
import { settled } from './settled.ts'

const short = ({ type, flags, streamId, length }: Parsed): number[] => [type, flags, streamId, length]

/** The frames that were written since the last time, without the ping that measures the round trip. */
function written (hand: HandConn): number[][] {
  const frames = hand.written.splice(0).flatMap(bytes => parse(Buffer.from(bytes)))
  return frames.filter(({ type, flags }) => !(type === 2 && flags === SYN)).map(short)
}

const resets = (frames: number[][]): number[] => frames.filter(([, flags = 0]) => (flags & RST) !== 0).map(([, , streamId = 0]) => streamId)

describe('a yamux connection', () => {
  describe('sends together what belongs to one turn', () => {
    it('the first data goes with the SYN, the end behind it, all in one write', async () => {
      const { hand, conn } = muxedByHand({}, { isServer: false })
      const stream = await conn.openStream()
      await stream.write(Buffer.from('question'))
      await stream.closeWrite()
      await settled()
      assert.equal(hand.written.length, 1)
      assert.deepEqual(written(hand), [[0, SYN, 1, 8], [1, FIN, 1, 0]]) // js yamux drops data that shares a frame with the end
      conn.abort(new Error('done'))
    })

    it('a stream that is not written to is announced by itself', async () => {
      const { hand, conn } = muxedByHand({}, { isServer: false })
      await conn.openStream()
      await conn.openStream()
      await settled()
      assert.equal(hand.written.length, 1)
      assert.deepEqual(written(hand), [[1, SYN, 1, 0], [1, SYN, 3, 0]])
      conn.abort(new Error('done'))
    })

    it('the acknowledgement goes with the answer', async () => {
      const { hand, conn } = muxedByHand()
      hand.feed(data(1, Buffer.from('question'), SYN | FIN))
      const stream = await conn.acceptStream()
      await stream.read()
      await stream.write(Buffer.from('answer'))
      await stream.close()
      await settled()
      assert.equal(hand.written.length, 1)
      assert.deepEqual(written(hand), [[0, ACK, 1, 6], [1, FIN, 1, 0]])
      conn.abort(new Error('done'))
    })

    it('small writes of many streams, and a large one with its header', async () => {
      const { hand, conn } = muxedByHand({}, { isServer: false })
      const streams = await Promise.all(Array.from({ length: 100 }, () => conn.openStream()))
      const writing = streams.map((stream, i) => stream.write(Buffer.alloc(i === 50 ? 10_000 : 32, i)))
      await Promise.all(writing)
      await settled()
      assert.equal(hand.written.length, 1)
      const frames = parse(hand.bytes).filter(({ type }) => type === 0)
      assert.equal(frames.length, 100)
      assert(frames.every(({ streamId, payload }) => payload.every(byte => byte === (streamId - 1) / 2)))
      conn.abort(new Error('done'))
    })

    it('cuts a large write into messages, and lets the other streams have their turn', async () => {
      const { hand, conn } = muxedByHand({}, { isServer: false })
      const [first, second] = [await conn.openStream(), await conn.openStream()]
      const writing = [first.write(new Uint8Array(262_144)), second.write(new Uint8Array(100_000))]
      await Promise.all(writing)
      await settled()
      const frames = written(hand).filter(([type]) => type === 0)
      assert.deepEqual(frames.map(([, , streamId]) => streamId), [1, 3, 1, 3, 1, 1, 1])
      assert(frames.every(([, , , length = 0]) => length <= 65_507))
      conn.abort(new Error('done'))
    })

    it('a stream that was reset before the remote knew of it is not mentioned', async () => {
      const { hand, conn } = muxedByHand({}, { isServer: false })
      const stream = await conn.openStream()
      stream.reset()
      await settled()
      assert.deepEqual(written(hand), [])
      conn.abort(new Error('done'))
    })
  })

  describe('windows', () => {
    it('are granted for what was read, half a window at a time', async () => {
      const { hand, conn } = muxedByHand()
      hand.feed(data(1, Buffer.alloc(100_000), SYN))
      const stream = await conn.acceptStream()
      await stream.read()
      await settled()
      assert.deepEqual(written(hand), [[1, ACK, 1, 0]])
      hand.feed(data(1, Buffer.alloc(100_000)))
      await settled()
      assert.deepEqual(written(hand), [], 'nobody has read it')
      await stream.read()
      await settled()
      assert.deepEqual(written(hand), [[1, 0, 1, 200_000]])
      conn.abort(new Error('done'))
    })

    it('grow as far as the peer has memory, which is given back', async () => {
      const scopes = [new CountingPeerScope(), new CountingPeerScope({ limitBytes: 4 << 20 })] as const
      const { stream, client, server } = muxedPair({ scopes })
      const { out, into } = await stream()
      const reading = readAll(into)
      await out.write(new Uint8Array(20 << 20))
      await out.closeWrite()
      assert.equal((await reading).length, 20 << 20)
      assert(scopes[1].mostBytes > 262_144, 'it grew')
      assert(scopes[1].mostBytes <= 4 << 20)
      assert.equal(scopes[1].bytes, 0)
      await Promise.all([out.close(), into.close()])
      await Promise.all([client.close(), server.close()])
      assert.deepEqual(scopes.map(({ bytes }) => bytes), [0, 0])
    })

    it('begin larger when that was asked for, with the first window update', async () => {
      const scope = new CountingPeerScope()
      const { hand, conn } = muxedByHand({ initialStreamWindowSizeBytes: 1 << 20 }, { isServer: false, scope })
      await conn.openStream()
      await settled()
      assert.deepEqual(written(hand), [[1, SYN, 1, (1 << 20) - 262_144]])
      assert.equal(scope.bytes, 1 << 20)
      conn.abort(new Error('done'))
      assert.equal(scope.bytes, 0)
    })

    it('begin as they are when the peer has no memory for more', async () => {
      const scope = new CountingPeerScope({ limitBytes: 300_000 })
      const { hand, conn } = muxedByHand({ initialStreamWindowSizeBytes: 1 << 20 }, { isServer: false, scope })
      await conn.openStream()
      await settled()
      assert.deepEqual(written(hand), [[1, SYN, 1, 0]])
      conn.abort(new Error('done'))
    })

    it('of the remote hold a writer, who goes on when he is granted more', async () => {
      const { hand, conn } = muxedByHand()
      hand.feed(windowUpdate(1, 0, SYN))
      const stream = await conn.acceptStream()
      const writing = stream.write(Buffer.alloc(262_144 + 10))
      await settled()
      assert.equal(written(hand).filter(([type]) => type === 0).reduce((sum, [, , , length = 0]) => sum + length, 0), 262_144)
      hand.feed(windowUpdate(1, 4))
      await settled()
      assert.deepEqual(written(hand), [[0, 0, 1, 4]])
      hand.feed(windowUpdate(1, 100))
      await writing
      await settled()
      assert.deepEqual(written(hand), [[0, 0, 1, 6]])
      conn.abort(new Error('done'))
    })

    it('are not granted when nobody reads any more', async () => {
      const { hand, conn } = muxedByHand()
      hand.feed(data(1, Buffer.alloc(200_000), SYN))
      const stream = await conn.acceptStream()
      await stream.closeRead()
      hand.feed(data(1, Buffer.alloc(62_144)))
      await settled()
      assert.deepEqual(written(hand), [[1, ACK, 1, 0]])
      await stream.write(Buffer.from('writing goes on'))
      await settled()
      assert.deepEqual(written(hand), [[0, 0, 1, 15]])
      await stream.close()
      await settled()
      assert.deepEqual(written(hand), [[1, FIN, 1, 0], [1, RST, 1, 0]], 'its window is used up: the remote would wait for ever')
      conn.abort(new Error('done'))
    })
  })

  describe('streams of the remote', () => {
    it('that nobody accepts are reset beyond a number, and make room when they go', async () => {
      const scope = new CountingPeerScope()
      const { hand, conn } = muxedByHand({ acceptBacklog: 2 }, { scope })
      hand.feed(Buffer.concat([1, 3, 5, 7].map(id => windowUpdate(id, 0, SYN))))
      await settled()
      assert.deepEqual(written(hand), [[1, RST, 5, StreamErrorCode.resourceLimitExceeded], [1, RST, 7, StreamErrorCode.resourceLimitExceeded]])
      assert.equal(scope.bytes, 2 * 262_144)
      hand.feed(Buffer.concat([windowUpdate(1, 0, RST), windowUpdate(9, 0, SYN), windowUpdate(11, 0, SYN)]))
      await settled()
      assert.deepEqual(resets(written(hand)), [11])
      hand.feed(Buffer.concat([data(3, Buffer.from('third')), data(9, Buffer.from('ninth'))]))
      for (const word of ['third', 'ninth']) assert.equal(Buffer.from(await (await conn.acceptStream()).read() ?? []).toString(), word)
      conn.abort(new Error('done'))
    })

    it('are no more than were allowed, accepted or not', async () => {
      const { hand, conn } = muxedByHand({ maxIncomingStreams: 2 })
      hand.feed(Buffer.concat([1, 3, 5].map(id => windowUpdate(id, 0, SYN))))
      const first = await conn.acceptStream()
      await conn.acceptStream()
      await settled()
      assert.deepEqual(resets(written(hand)), [5])
      first.reset()
      hand.feed(windowUpdate(7, 0, SYN))
      await conn.acceptStream()
      await settled()
      assert.deepEqual(resets(written(hand)), [1])
      conn.abort(new Error('done'))
    })

    it('are reset alone when there is no memory', async () => {
      const scope = new CountingPeerScope({ limitBytes: 300_000 })
      const { hand, conn } = muxedByHand({}, { scope })
      hand.feed(Buffer.concat([windowUpdate(1, 0, SYN), data(3, Buffer.from('dropped'), SYN), data(1, Buffer.from('kept'))]))
      const stream = await conn.acceptStream()
      assert.equal(Buffer.from(await stream.read() ?? []).toString(), 'kept')
      await settled()
      assert.deepEqual(written(hand).filter(([, flags = 0]) => (flags & RST) !== 0), [[1, RST, 3, StreamErrorCode.resourceLimitExceeded]])
      await assert.rejects(conn.openStream(), ResourceLimitExceededError.is)
      assert.equal(conn.isClosed(), false)
      conn.abort(new Error('done'))
    })

    it('in a flood leave nothing behind, and end a connection that does not read', async () => {
      const scope = new CountingPeerScope()
      const { hand, conn } = muxedByHand({}, { scope })
      const flood = (from: number, count: number): Buffer => Buffer.concat(Array.from({ length: count }, (_, i) => windowUpdate(from + 2 * i, 0, SYN)))
      hand.feed(flood(1, 10_000))
      await settled()
      assert.equal(conn.isClosed(), false)
      assert.equal(scope.bytes, 256 * 262_144)
      hand.room = false
      hand.feed(flood(20_001, 300))
      await settled()
      hand.feed(flood(30_001, 5_000))
      await settled()
      assert.equal(conn.isClosed(), true)
      assert(RemoteNotReadingError.is(hand.aborted))
      assert.deepEqual([scope.bytes, scope.spans], [0, 0])
    })
  })

  describe('streams that the remote does not acknowledge', () => {
    it('are no more than the backlog: who opens more waits', async () => {
      const { hand, conn } = muxedByHand({ acceptBacklog: 3 }, { isServer: false })
      for (let i = 0; i < 3; i++) await conn.openStream()
      let opened = 0
      const waiting = [conn.openStream(), conn.openStream()].map(each => each.then(() => { opened++ }))
      await settled()
      assert.equal(opened, 0)
      hand.feed(windowUpdate(1, 0, ACK))
      await settled()
      assert.equal(opened, 1)
      hand.feed(Buffer.concat([windowUpdate(1, 0, ACK), data(3, Buffer.from('x'), ACK)]))
      await Promise.all(waiting)
      conn.abort(new Error('done'))
    })

    it('give their place back when the remote ends them, or they are reset here', async () => {
      const { hand, conn } = muxedByHand({ acceptBacklog: 1 }, { isServer: false })
      await conn.openStream()
      for (const end of [windowUpdate(1, 0, RST), windowUpdate(3, 0, FIN)]) {
        const next = conn.openStream()
        await settled()
        hand.feed(end)
        await next
        await settled()
      }
      const last = await Promise.race([conn.openStream({ signal: AbortSignal.timeout(1) }).catch(() => 'no place'), settled().then(() => 'no place')])
      assert.equal(last, 'no place', 'the third is not acknowledged')
      conn.abort(new Error('done'))
    })

    it('keep their place when they are closed here at once: a remote that accepts nothing gets no flood', async () => {
      const { hand, conn } = muxedByHand({ acceptBacklog: 2 }, { isServer: false })
      for (let i = 0; i < 2; i++) {
        const stream = await conn.openStream()
        await stream.write(Buffer.from('one way'))
        await stream.close()
      }
      const third = conn.openStream()
      assert.equal(await Promise.race([third.then(() => 'opened'), settled().then(() => 'waits')]), 'waits')
      hand.feed(windowUpdate(3, 0, ACK))
      await third
      conn.abort(new Error('done'))
    })

    it('let those go who give up waiting, and all when the connection ends', async () => {
      const { conn } = muxedByHand({ acceptBacklog: 1 }, { isServer: false })
      await conn.openStream()
      const controller = new AbortController()
      const givenUp = assert.rejects(conn.openStream({ signal: controller.signal }), /enough/)
      const waiting = assert.rejects(conn.openStream(), ConnClosedError.is)
      controller.abort(new Error('enough'))
      await givenUp
      conn.abort(new Error('done'))
      await waiting
    })

    it('hold up 1,000 openers whose remote accepts slowly, and reset none', async () => {
      const { client, server, end } = muxedPair({ init: { acceptBacklog: 16 } })
      const accepting = (async () => {
        for (let i = 0; i < 1_000; i++) {
          const stream = await server.acceptStream()
          if (i % 10 === 0) await settled()
          await stream.write(Buffer.from('x'))
          await stream.close()
        }
      })()
      await Promise.all(Array.from({ length: 1_000 }, async () => {
        const stream = await client.openStream()
        assert.equal((await readAll(stream)).toString(), 'x')
        await stream.close()
      }))
      await accepting
      end()
    })
  })

  describe('a remote that does not read', () => {
    it('loses its connection when it makes us answer pings', async () => {
      const { hand, conn } = muxedByHand()
      const pings = (count: number): Buffer => Buffer.concat(Array.from({ length: count }, (_, i) => ping(i)))
      hand.feed(pings(5_000))
      await settled()
      assert.equal(conn.isClosed(), false)
      assert.equal(written(hand).length, 5_000)
      hand.room = false
      hand.feed(pings(1))
      await settled()
      hand.feed(pings(32))
      await settled()
      assert.equal(conn.isClosed(), false)
      hand.feed(pings(1))
      await settled()
      assert.equal(conn.isClosed(), true)
      assert(RemoteNotReadingError.is(hand.aborted) && hand.aborted.waiting === 'pings')
    })

    it('gets a new count when it reads again', async () => {
      const { hand, conn } = muxedByHand({ pingBacklog: 10 })
      for (let round = 0; round < 5; round++) {
        hand.room = false
        for (let i = 0; i < 10; i++) hand.feed(ping(i))
        await settled()
        hand.drain()
        await settled()
      }
      assert.equal(written(hand).length, 50)
      conn.abort(new Error('done'))
    })

    it('loses its connection after a while, and everybody learns why', async () => {
      const clock = new ManualClock()
      const scope = new CountingPeerScope()
      const { hand, conn } = muxedByHand({ clock, connectionWriteTimeoutMs: 700 }, { scope })
      hand.feed(windowUpdate(1, 0, SYN))
      const stream = await conn.acceptStream()
      hand.room = false
      const writing = stream.write(new Uint8Array(1_000_000)).catch((error: unknown) => error)
      await settled()
      await clock.advanceAsync(699)
      assert.equal(conn.isClosed(), false)
      await clock.advanceAsync(1)
      const error = await writing
      assert(ConnClosedError.is(error) && ConnectionWriteTimeoutError.is(error.cause))
      assert(ConnectionWriteTimeoutError.is(hand.aborted))
      assert.deepEqual([scope.bytes, scope.spans], [0, 0])
      assertNoTimers(clock)
    })

    it('that reads a little in time keeps it', async () => {
      const clock = new ManualClock()
      const { hand, conn } = muxedByHand({ clock, connectionWriteTimeoutMs: 700, enableKeepAlive: false })
      hand.feed(windowUpdate(1, 10_000_000, SYN))
      const stream = await conn.acceptStream()
      hand.room = false
      const writing = stream.write(new Uint8Array(600_000))
      for (let i = 0; i < 5; i++) {
        await clock.advanceAsync(600)
        hand.drain()
        hand.room = false
        await settled()
      }
      await writing
      conn.abort(new Error('done'))
      assertNoTimers(clock)
    })

    it('makes what is written wait, and no more than one turn leaves', async () => {
      const { hand, conn } = muxedByHand()
      hand.feed(windowUpdate(1, 10_000_000, SYN))
      const stream = await conn.acceptStream()
      hand.room = false
      const writing = stream.write(new Uint8Array(1_000_000))
      await settled()
      assert(hand.bytes.length <= 131_038 + 65_519, `${hand.bytes.length} bytes left`)
      hand.drain()
      await writing
      conn.abort(new Error('done'))
    })
  })

  describe('keepalive', () => {
    it('asks a silent remote, and goes on when it answers', async () => {
      const clock = new ManualClock()
      const { hand, conn } = muxedByHand({ clock })
      for (let round = 1; round <= 3; round++) {
        await clock.advanceAsync(round === 1 ? 30_000 : 20_000)
        const [asked] = parse(hand.bytes)
        assert(asked !== undefined && asked.type === 2 && asked.flags === SYN)
        hand.written.length = 0
        hand.feed(ping(asked.length, ACK))
        await clock.advanceAsync(10_000)
        assert.equal(conn.isClosed(), false)
      }
      conn.abort(new Error('done'))
      assertNoTimers(clock)
    })

    it('ends a connection whose remote does not answer', async () => {
      const clock = new ManualClock()
      const { hand, conn } = muxedByHand({ clock, keepAliveIntervalMs: 5_000, connectionWriteTimeoutMs: 2_000 })
      const accepting = conn.acceptStream().catch((error: unknown) => error)
      await clock.advanceAsync(6_999)
      assert.equal(conn.isClosed(), false)
      await clock.advanceAsync(1)
      const error = await accepting
      assert(ConnClosedError.is(error) && KeepAliveTimeoutError.is(error.cause))
      assert(KeepAliveTimeoutError.is(hand.aborted))
      assertNoTimers(clock)
    })

    it('does not ask a remote that is heard', async () => {
      const clock = new ManualClock()
      const { hand, conn } = muxedByHand({ clock })
      hand.feed(windowUpdate(1, 0, SYN))
      for (let i = 0; i < 10; i++) {
        await clock.advanceAsync(29_000)
        hand.feed(windowUpdate(1, 1))
        await settled()
      }
      assert.deepEqual(written(hand), [])
      conn.abort(new Error('done'))
    })

    it('can be turned off', async () => {
      const clock = new ManualClock()
      const { hand, conn } = muxedByHand({ clock, enableKeepAlive: false })
      assertNoTimers(clock)
      await clock.advanceAsync(1_000_000)
      assert.equal(hand.bytes.length, 0)
      conn.abort(new Error('done'))
    })
  })

  it('measures the round trip with the first frames, and again after a while', async () => {
    const clock = new ManualClock()
    const { hand, conn } = muxedByHand({ clock, enableKeepAlive: false }, { isServer: false })
    const pings = (): number => parse(hand.bytes).filter(({ type }) => type === 2).length
    await settled()
    assert.equal(pings(), 0, 'an idle connection sends nothing')
    const stream = await conn.openStream()
    await settled()
    assert.equal(pings(), 1)
    await clock.advanceAsync(29_999)
    await stream.write(Buffer.from('x'))
    await settled()
    assert.equal(pings(), 1)
    await clock.advanceAsync(1)
    await stream.write(Buffer.from('x'))
    await settled()
    assert.equal(pings(), 2)
    conn.abort(new Error('done'))
  })

  describe('ends', () => {
    for (const [errorCode, resets] of [[0, [[1, RST, 1, 0]]], [0x1005, []]] as const) {
      it(`with a goodbye with the code ${errorCode}, ${errorCode === 0 ? 'and resets what was not written to its end' : 'which is all that streams without an end are told'}`, async () => {
        const { hand, conn } = muxedByHand()
        hand.feed(Buffer.concat([windowUpdate(1, 0, SYN), windowUpdate(3, 0, SYN)]))
        const [open, finished] = [await conn.acceptStream(), await conn.acceptStream()]
        await open.write(Buffer.from('half'))
        await finished.write(Buffer.from('whole'))
        await finished.closeWrite()
        await conn.closeWithError(errorCode)
        assert.deepEqual(written(hand), [[0, ACK, 1, 4], [0, ACK, 3, 5], [1, FIN, 3, 0], ...resets, [3, 0, 0, errorCode]])
        assert.equal(hand.closed, true)
      })
    }

    it('with a goodbye that waits for nobody, when the remote does not read', async () => {
      const { hand, conn } = muxedByHand()
      hand.feed(windowUpdate(1, 0, SYN))
      const stream = await conn.acceptStream()
      hand.room = false
      stream.write(new Uint8Array(1_000_000)).catch(() => {})
      await settled()
      hand.written.length = 0
      await conn.close()
      assert.deepEqual(written(hand), [[1, RST, 1, 0], [3, 0, 0, 0]])
    })

    it('with an abort when closing takes too long', async () => {
      const clock = new ManualClock()
      const { hand, conn } = muxedByHand({ clock, closeTimeoutMs: 700 })
      hand.close = () => new Promise(() => {})
      const closing = conn.closeWithError(0x1006)
      await clock.advanceAsync(699)
      assert.equal(hand.aborted, undefined)
      await clock.advanceAsync(1)
      await closing
      assert(CloseTimeoutError.is(hand.aborted))
      assertNoTimers(clock)
    })

    it('with an abort soon, when the remote broke the protocol and takes no goodbye', async () => {
      const clock = new ManualClock()
      const { hand } = muxedByHand({ clock })
      hand.close = () => new Promise(() => {})
      hand.feed(Buffer.alloc(12, 255))
      await settled()
      assert.deepEqual(written(hand), [[3, 0, 0, 1]])
      await clock.advanceAsync(100)
      assert.equal((hand.aborted as { code?: string } | undefined)?.code, 'YAMUX_FRAME')
      assertNoTimers(clock)
    })

    it('when the connection below cannot even be made', () => {
      const { hand } = muxedByHand()
      const scope = new CountingPeerScope({ failAt: 1 })
      assert.throws(() => yamux().newConn(hand, true, scope), ResourceLimitExceededError.is)
      assert(ResourceLimitExceededError.is(hand.aborted))
    })

    const remoteEnds: [string, boolean, number, (hand: HandConn) => void][] = [
      ['closes', true, 0, hand => { hand.finish() }],
      ['says goodbye', true, 0, hand => { hand.feed(goAway(0)) }],
      ['says why', true, 0x1006, hand => { hand.feed(goAway(0x1006)) }],
      ['breaks off', false, 0, hand => { hand.abort(new Error('reset')) }],
      ['breaks off by the network', true, 0, hand => { hand.abort(Object.assign(new Error('reset'), { code: 'ECONNRESET' })) }]
    ]
    for (const [what, remote, errorCode, end] of remoteEnds) {
      it(`when the remote ${what}`, async () => {
        const clock = new ManualClock()
        const scope = new CountingPeerScope()
        const { hand, conn } = muxedByHand({ clock }, { scope })
        const isEnd = (error: unknown): boolean => ConnClosedError.is(error) && error.remote === remote && error.errorCode === errorCode
        const opened = await conn.openStream()
        const waiting = [conn.acceptStream(), opened.read(), opened.write(new Uint8Array(1_000_000))].map(each => assert.rejects(each, isEnd))
        await settled()
        end(hand)
        await Promise.all(waiting)
        assert.equal(conn.isClosed(), true)
        await assert.rejects(conn.openStream(), isEnd)
        await settled()
        assert(hand.closed || hand.aborted !== undefined, 'the connection below has ended too')
        await conn.close()
        assert.deepEqual([scope.bytes, scope.spans], [0, 0])
        assertNoTimers(clock)
      })
    }

    it('and reads on until the connection below has, so that our goodbye is not lost', async () => {
      const { hand, conn } = muxedByHand()
      const ended = Promise.withResolvers<void>()
      hand.close = () => ended.promise
      const closing = conn.close()
      hand.feed(data(1, Buffer.alloc(1_000), SYN))
      await settled()
      assert.equal(hand.unread, 0)
      hand.finish()
      ended.resolve()
      await closing
    })
  })

  describe('deadlines', () => {
    it('of all streams share one timer', async () => {
      const clock = new ManualClock()
      const { conn, hand } = muxedByHand({ clock })
      hand.feed(Buffer.concat(Array.from({ length: 20 }, (_, i) => windowUpdate(2 * i + 1, 0, SYN))))
      const streams = await Promise.all(Array.from({ length: 20 }, () => conn.acceptStream()))
      const reads = streams.map((stream, i) => {
        stream.setReadDeadline(clock.monotonicMs() + 100 + i)
        return stream.read().then(() => 'read', (error: unknown) => DeadlineExceededError.is(error) ? 'expired' : error)
      })
      const writes = streams.map((stream, i) => {
        stream.setWriteDeadline(clock.monotonicMs() + 200 + i)
        return stream.write(new Uint8Array(300_000)).then(() => 'written', (error: unknown) => DeadlineExceededError.is(error) ? 'expired' : error)
      })
      assert.equal(clock.pendingTimers, 1)
      await clock.advanceAsync(119)
      assert.deepEqual(new Set(await Promise.all(reads)), new Set(['expired']))
      await clock.advanceAsync(200)
      assert.deepEqual(new Set(await Promise.all(writes)), new Set(['expired']))
      conn.abort(new Error('done'))
      assertNoTimers(clock)
    })

    it('must be moments', async () => {
      const { conn } = muxedByHand()
      const stream = await conn.openStream()
      assert.throws(() => { stream.setDeadline(NaN) }, RangeError)
      assert.throws(() => { stream.resetWithError(-1) }, RangeError)
      conn.abort(new Error('done'))
    })
  })
})
