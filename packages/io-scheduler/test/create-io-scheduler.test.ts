import assert from 'node:assert/strict'
import { assertNoTimers, ManualClock, seededRandom } from '@weir/compliance'
import { handConn } from '../src/compliance.ts'
import { createIoScheduler, IO_SCHEDULER_DEFAULTS, IoSchedulerClosedError, nullIoScheduler } from '../src/index.ts'

describe('createIoScheduler', () => {
  it('refuses options that are none', () => {
    assert.throws(() => createIoScheduler({ maxUpload: 1 } as never), TypeError)
    for (const key of Object.keys(IO_SCHEDULER_DEFAULTS)) {
      for (const value of [0, -1, Number.NaN, '1']) assert.throws(() => createIoScheduler({ [key]: value } as never), RangeError)
    }
  })

  it('limits nothing by default, and a limit that is undefined is none', async () => {
    const clock = new ManualClock()
    await using scheduler = createIoScheduler({ clock, maxUploadBytesPerSecond: undefined })
    const below = handConn()
    const conn = scheduler.register(below)
    for (let i = 0; i < 100; i++) assert.equal(conn.write(new Uint8Array(1_000_000)), true)
    assert.equal(below.writtenBytes(), 100_000_000)
    assert.equal(below.written.length, 100, 'nothing is cut')
  })

  it('says to wait when more is held back than may be', async () => {
    const clock = new ManualClock()
    await using scheduler = createIoScheduler({ clock, maxUploadBytesPerSecond: 100, writeQueueBytes: 1_000 })
    const conn = scheduler.register(handConn())
    conn.write(new Uint8Array(100))
    assert.deepEqual([conn.write(new Uint8Array(100)), conn.write(new Uint8Array(500)), conn.write(new Uint8Array(300))], [true, true, false])
    conn.abort(new Error('enough'))
  })

  it('ends a connection that cannot let out what it holds, at its deadline', async () => {
    const clock = new ManualClock()
    const scheduler = createIoScheduler({ clock, maxUploadBytesPerSecond: 1, closeTimeoutMs: 5_000 })
    const below = handConn()
    const conn = scheduler.register(below)
    for (let i = 0; i < 3; i++) conn.write(new Uint8Array(100))
    const closing = conn.close()
    await clock.advanceAsync(5_000)
    await closing
    assert.equal(below.ended()?.how, 'abort')
    await scheduler.close()
    assertNoTimers(clock)
  })

  it('trivial-quota: eight clients, pieces of 64 bytes to 64 KiB, five seconds: both limits are kept, and the shares are fair', async () => {
    const clock = new ManualClock()
    const random = seededRandom(7)
    const [down, up] = [1_048_576, 262_144]
    const scheduler = createIoScheduler({ clock, maxDownloadBytesPerSecond: down, maxUploadBytesPerSecond: up })
    const clients = Array.from({ length: 8 }, () => {
      const below = handConn()
      const conn = scheduler.register(below)
      const stop = { received: 0 }
      const piece = (): Uint8Array => new Uint8Array(64 + Math.floor(random() * 65_472))
      for (let i = 0; i < 200; i++) below.arrive(piece())
      const writing = (async () => {
        for (;;) {
          conn.write(piece())
          await conn.drained()
        }
      })()
      const reading = (async () => { for (let data = await conn.read(); data !== undefined; data = await conn.read()) stop.received += data.byteLength })()
      return { below, conn, stop, ended: Promise.allSettled([writing, reading]) }
    })
    await clock.advanceAsync(4_999)
    const { totalReceivedBytes, totalSentBytes } = scheduler.stat()
    assert.ok(Math.abs(totalReceivedBytes / (5 * down) - 1) <= 0.05, `received ${totalReceivedBytes}`)
    assert.ok(Math.abs(totalSentBytes / (5 * up) - 1) <= 0.06, `sent ${totalSentBytes}`) // a last piece may go over
    for (const { conn } of clients) {
      const { totalReceivedBytes: received } = conn.stat()
      assert.ok(Math.abs(received * 8 / totalReceivedBytes - 1) < 0.35, `one of eight has ${received} of ${totalReceivedBytes}`)
    }
    const closing = scheduler.close()
    await clock.advanceAsync(3_000)
    await closing
    for (const { ended } of clients) await ended
    assertNoTimers(clock)
  })

  it('has errors of its own', () => {
    assert.equal(IoSchedulerClosedError.is(new IoSchedulerClosedError()), true)
  })
})

describe('nullIoScheduler', () => {
  it('is one for all, and frozen', () => { assert.ok(Object.isFrozen(nullIoScheduler)) })
})
