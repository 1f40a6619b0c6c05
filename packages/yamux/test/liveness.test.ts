import assert from 'node:assert/strict'
import { RemoteNotReadingError } from '@weir/adapters'
import { assertNoTimers, CountingPeerScope, ManualClock } from '@weir/compliance'
import { ConnClosedError } from '@weir/network'
import { ConnectionWriteTimeoutError, KeepAliveTimeoutError } from '../src/index.ts'
import { ACK, parse, ping, SYN, windowUpdate } from './frames.ts'
import { muxedByHand } from './pair.ts'
import { settled } from './settled.ts'
import { written } from './written.ts'

describe('a yamux connection', () => {
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
      assert(hand.bytes.length <= 131_032 + 16_379, `${hand.bytes.length} bytes left`)
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
})
