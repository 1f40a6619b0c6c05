import assert from 'node:assert/strict'
import { CloseTimeoutError } from '@weir/adapters'
import { assertNoTimers, CountingPeerScope, ManualClock } from '@weir/compliance'
import { ConnClosedError, DeadlineExceededError, ResourceLimitExceededError } from '@weir/network'
import { yamux } from '../src/index.ts'
import { ACK, data, FIN, goAway, RST, SYN, windowUpdate } from './frames.ts'
import type { HandConn } from './hand-conn.ts'
import { muxedByHand } from './pair.ts'
import { settled } from './settled.ts'
import { written } from './written.ts'

describe('a yamux connection', () => {
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
