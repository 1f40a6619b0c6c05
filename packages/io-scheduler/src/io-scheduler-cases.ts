import assert from 'node:assert/strict'
import { afterClose, type Case, closedTwice, turn, within } from '@weir/compliance'
import type { PeerRef } from '@weir/network'
import { handConn } from './hand-conn.ts'
import type { IoSchedulerSubject } from './io-scheduler-subject.ts'
import { ZERO_IO_STAT } from './io-stat.ts'

/** `schedules`: that it limits, counts and closes; the Null does none of it. */
export type IoSchedulerCase = Case<IoSchedulerSubject, 'schedules'>

const PEER: PeerRef = { type: 'test', toString: () => 'a peer' }
const hasCode = (code: string) => (error: unknown): boolean => (error as { code?: unknown }).code === code
const bytes = (length: number, fill = 1): Uint8Array => new Uint8Array(length).fill(fill)

const passing: IoSchedulerCase[] = [
  {
    name: 'bytes pass both ways, in their order',
    async run ({ scheduler }) {
      const below = handConn()
      const conn = scheduler.register(below)
      assert.equal(conn.write(bytes(3)), true)
      conn.write(bytes(2))
      await within(conn.drained(), 'drained')
      assert.deepEqual(below.written.map(({ length }) => length), [3, 2])
      below.arrive(bytes(5))
      below.arrive(bytes(6))
      assert.equal((await within(conn.read(), 'a read'))?.byteLength, 5)
      assert.equal((await within(conn.read(), 'a read'))?.byteLength, 6)
    }
  },
  {
    name: 'the end of what comes in is passed on',
    async run ({ scheduler }) {
      const below = handConn()
      const conn = scheduler.register(below)
      below.arrive(undefined)
      assert.equal(await within(conn.read(), 'a read'), undefined)
    }
  },
  {
    name: 'a connection that says to wait is obeyed',
    async run ({ scheduler }) {
      const below = handConn()
      const conn = scheduler.register(below)
      below.setFull(true)
      assert.equal(conn.write(bytes(1)), false)
      let isDrained = false
      const drained = conn.drained().then(() => { isDrained = true })
      await turn()
      assert.equal(isDrained, false)
      below.setFull(false)
      await within(drained, 'drained')
    }
  },
  {
    name: 'close closes the connection below, and abort aborts it with its cause',
    async run ({ scheduler }) {
      const [closed, aborted] = [handConn(), handConn()]
      await within(scheduler.register(closed).close(), 'the close')
      assert.deepEqual(closed.ended(), { how: 'close' })
      const cause = new Error('enough')
      const conn = scheduler.register(aborted)
      const reading = conn.read()
      conn.abort(cause)
      await assert.rejects(within(reading, 'the read'), cause)
      assert.deepEqual(aborted.ended(), { how: 'abort', cause })
      await assert.rejects(conn.drained(), cause)
      conn.write(bytes(1))
      assert.equal(aborted.written.length, 0)
    }
  },
  {
    name: 'what ends the connection below is told',
    async run ({ scheduler }) {
      const below = handConn()
      const conn = scheduler.register(below)
      below.abort(new Error('the cable'))
      await assert.rejects(within(conn.read(), 'the read'), /the cable/)
    }
  },
  {
    name: 'a connection remembers its peer',
    run ({ scheduler }) {
      const conn = scheduler.register(handConn())
      assert.equal(conn.peer, undefined)
      conn.setPeer(PEER)
      assert.equal(conn.peer, PEER)
    }
  },
  {
    name: 'statistics begin at zero',
    run ({ scheduler }) {
      assert.deepEqual(scheduler.stat(), ZERO_IO_STAT)
      assert.deepEqual(scheduler.register(handConn()).stat(), ZERO_IO_STAT)
    }
  },
  ...closedTwice<IoSchedulerSubject>([
    { name: 'close', call: async ({ scheduler }) => { await scheduler.close() } },
    { name: 'asyncDispose', call: async ({ scheduler }) => { await scheduler[Symbol.asyncDispose]() } }
  ]),
  ...afterClose<IoSchedulerSubject>([
    { name: 'stat', call: ({ scheduler }) => scheduler.stat() },
    { name: 'snapshot', call: ({ scheduler }) => scheduler.snapshot() }
  ], async ({ scheduler }) => { await scheduler.close() })
]

const scheduling: IoSchedulerCase[] = [
  {
    name: 'what passed is counted, of each connection and of all, also when it is gone',
    async run ({ scheduler }) {
      const below = handConn()
      const conn = scheduler.register(below)
      conn.setPeer(PEER)
      conn.write(bytes(7))
      below.arrive(bytes(5))
      await within(conn.read(), 'a read')
      assert.deepEqual([conn.stat().totalSentBytes, conn.stat().totalReceivedBytes], [7, 5])
      const { total, conns } = scheduler.snapshot()
      assert.deepEqual(total, scheduler.stat())
      assert.deepEqual(conns, [{ id: conn.id, peer: 'a peer', ...conn.stat() }])
      conn.abort(new Error('enough'))
      assert.deepEqual(scheduler.snapshot().conns, [])
      assert.deepEqual([scheduler.stat().totalSentBytes, scheduler.stat().totalReceivedBytes], [7, 5])
    }
  },
  {
    name: 'averages rise while something passes and fall when nothing does',
    async run ({ scheduler, clock }) {
      const conn = scheduler.register(handConn())
      conn.write(bytes(100))
      assert.equal(conn.stat().outflowBytesPerSecond, 0)
      await clock.advanceAsync(1_000)
      assert.equal(conn.stat().outflowBytesPerSecond, 20)
      assert.equal(scheduler.stat().outflowBytesPerSecond, 20)
      await clock.advanceAsync(1_000)
      assert.equal(conn.stat().outflowBytesPerSecond, 16)
    }
  },
  {
    name: 'writing beyond the limit waits for its time, and keeps its order',
    async run ({ scheduler, clock, maxBytesPerSecond }) {
      const below = handConn()
      const conn = scheduler.register(below)
      for (let i = 0; i < 6; i++) conn.write(bytes(maxBytesPerSecond / 2, i))
      await turn()
      assert.equal(below.writtenBytes(), maxBytesPerSecond)
      await clock.advanceAsync(1_000)
      assert.equal(below.writtenBytes(), 2 * maxBytesPerSecond)
      let isDrained = false
      const drained = conn.drained().then(() => { isDrained = true })
      await turn()
      assert.equal(isDrained, false)
      await clock.advanceAsync(1_000)
      await within(drained, 'drained')
      assert.deepEqual(below.written.map(([first]) => first), [0, 1, 2, 3, 4, 5])
    }
  },
  {
    name: 'what waits for its time waits for a full connection too',
    async run ({ scheduler, clock, maxBytesPerSecond }) {
      const below = handConn()
      const conn = scheduler.register(below)
      for (let i = 0; i < 6; i++) conn.write(bytes(maxBytesPerSecond / 2))
      below.setFull(true)
      await clock.advanceAsync(5_000)
      assert.equal(below.writtenBytes(), 1.5 * maxBytesPerSecond)
      below.setFull(false)
      const drained = conn.drained()
      await clock.advanceAsync(1_000)
      await within(drained, 'drained')
      assert.equal(below.writtenBytes(), 3 * maxBytesPerSecond)
    }
  },
  {
    name: 'reading beyond the limit waits for its time',
    async run ({ scheduler, clock, maxBytesPerSecond }) {
      const below = handConn()
      const conn = scheduler.register(below)
      let received = 0
      const reading = (async () => { for (let data = await conn.read(); data !== undefined; data = await conn.read()) received += data.byteLength })()
      for (let i = 0; i < 6; i++) below.arrive(bytes(maxBytesPerSecond / 2))
      below.arrive(undefined)
      await turn()
      assert.equal(received, maxBytesPerSecond)
      await clock.advanceAsync(1_000)
      assert.equal(received, 2 * maxBytesPerSecond)
      await clock.advanceAsync(1_000)
      await within(reading, 'the end')
    }
  },
  {
    name: 'a large write is not let through at once',
    async run ({ scheduler, clock, maxBytesPerSecond }) {
      const below = handConn()
      const conn = scheduler.register(below)
      conn.write(bytes(10 * 65_536))
      await turn()
      assert.ok(below.writtenBytes() <= maxBytesPerSecond + 65_536)
      await clock.advanceAsync(Math.ceil(11 * 65_536 / maxBytesPerSecond) * 1_000)
      assert.equal(below.writtenBytes(), 10 * 65_536)
    }
  },
  {
    name: 'two connections that both want more get as much',
    async run ({ scheduler, clock, maxBytesPerSecond }) {
      const belows = [handConn(), handConn()]
      const conns = belows.map(below => scheduler.register(below))
      for (const conn of conns) for (let i = 0; i < 400; i++) conn.write(bytes(maxBytesPerSecond / 10))
      await clock.advanceAsync(20_000)
      const [a = 0, b = 0] = belows.map(below => below.writtenBytes())
      assert.ok(Math.abs(a - b) <= 0.1 * (a + b), `${a} and ${b}`)
      assert.ok(Math.abs(a + b - 21 * maxBytesPerSecond) <= maxBytesPerSecond)
      for (const conn of conns) conn.abort(new Error('enough'))
    }
  },
  {
    name: 'a connection that ends while it waits is forgotten',
    async run ({ scheduler, clock, maxBytesPerSecond }) {
      const [below, other] = [handConn(), handConn()]
      const conn = scheduler.register(below)
      const waiting = scheduler.register(other)
      conn.write(bytes(maxBytesPerSecond))
      waiting.write(bytes(1))
      const drained = waiting.drained()
      waiting.abort(new Error('enough'))
      await assert.rejects(within(drained, 'drained'), /enough/)
      await clock.advanceAsync(1_000)
      assert.equal(other.writtenBytes(), 0)
      conn.write(bytes(5))
      await within(conn.drained(), 'drained')
      assert.equal(below.writtenBytes(), maxBytesPerSecond + 5)
    }
  },
  {
    name: 'close of a connection lets out what waits',
    async run ({ scheduler, clock, maxBytesPerSecond }) {
      const below = handConn()
      const conn = scheduler.register(below)
      for (let i = 0; i < 2; i++) conn.write(bytes(maxBytesPerSecond))
      const closing = conn.close()
      await turn()
      assert.equal(below.ended(), undefined)
      await clock.advanceAsync(1_000)
      await within(closing, 'the close')
      assert.equal(below.writtenBytes(), 2 * maxBytesPerSecond)
      assert.deepEqual(below.ended(), { how: 'close' })
    }
  },
  {
    name: 'close of the scheduler closes all connections, and lets out what waits',
    async run ({ scheduler, clock, maxBytesPerSecond }) {
      const belows = [handConn(), handConn()]
      const [conn] = belows.map(below => scheduler.register(below))
      for (let i = 0; i < 2; i++) conn?.write(bytes(maxBytesPerSecond))
      const closing = scheduler.close()
      await clock.advanceAsync(1_000)
      await within(closing, 'the close')
      assert.equal(belows[0]?.writtenBytes(), 2 * maxBytesPerSecond)
      for (const below of belows) assert.deepEqual(below.ended(), { how: 'close' })
      assert.deepEqual(scheduler.snapshot().conns, [])
    }
  },
  {
    name: 'close of the scheduler ends in any case',
    async run ({ scheduler, clock }) {
      const below = handConn()
      const conn = scheduler.register(below)
      below.setFull(true)
      for (let i = 0; i < 20; i++) conn.write(bytes(65_536))
      const closing = scheduler.close()
      await clock.advanceAsync(3_600_000)
      await within(closing, 'the close')
      assert.equal(below.ended()?.how, 'abort')
    }
  },
  {
    name: 'register after close is refused, and the connection aborted',
    async run ({ scheduler }) {
      await scheduler.close()
      const below = handConn()
      assert.throws(() => scheduler.register(below), hasCode('IO_SCHEDULER_CLOSED'))
      assert.equal(below.ended()?.how, 'abort')
    }
  }
]

/** What every `IoScheduler` has to do. */
export const ioSchedulerCases: IoSchedulerCase[] = [
  ...passing,
  ...scheduling.map((each): IoSchedulerCase => ({ ...each, needs: ['schedules'] }))
]
