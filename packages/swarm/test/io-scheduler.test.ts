import assert from 'node:assert/strict'
import { assertNoTimers, ManualClock, within } from '@weir/compliance'
import { createIoScheduler } from '@weir/io-scheduler'
import { echo, readAll, swarmPair, until } from './swarm-pair.ts'

describe('a swarm with an I/O scheduler', () => {
  it('counts what passes with each peer, until the connection ends on either side', async () => {
    const clock = new ManualClock()
    const [forA, forB] = [createIoScheduler({ clock }), createIoScheduler({ clock })]
    await using pair = await swarmPair({ ioScheduler: forA }, { ioScheduler: forB })
    pair.b.setStreamHandler(echo)
    const stream = await pair.a.newStream(pair.b.localPeer)
    await stream.write(new Uint8Array(10_000))
    await stream.closeWrite()
    assert.equal((await within(readAll(stream), 'the echo')).length, 10_000)
    const [conn] = forA.snapshot().conns
    assert.equal(conn?.peer, pair.b.localPeer.toString())
    assert.ok((conn?.totalSentBytes ?? 0) >= 10_000)
    assert.ok((conn?.totalReceivedBytes ?? 0) >= 10_000)
    await pair.a.closePeer(pair.b.localPeer)
    await until(() => forA.snapshot().conns.length + forB.snapshot().conns.length === 0, 'both have forgotten the connection')
    assert.ok(forA.stat().totalSentBytes >= 10_000)
    await Promise.all([forA.close(), forB.close()])
    assertNoTimers(clock)
  })

  it('keeps its limit: what is too much waits for its time', async () => {
    const clock = new ManualClock()
    const ioScheduler = createIoScheduler({ clock, maxUploadBytesPerSecond: 20_000 })
    await using pair = await swarmPair({ ioScheduler })
    pair.b.setStreamHandler(echo)
    const stream = await pair.a.newStream(pair.b.localPeer)
    const sending = (async () => {
      for (let i = 0; i < 10; i++) await stream.write(new Uint8Array(10_000))
      await stream.closeWrite()
    })()
    const echoed = readAll(stream)
    let isOver = false
    echoed.finally(() => { isOver = true }).catch(() => {})
    await until(() => ioScheduler.stat().totalSentBytes >= 20_000, 'the first second is used up')
    assert.ok(ioScheduler.stat().totalSentBytes < 100_000)
    assert.equal(isOver, false)
    const deadline = performance.now() + 10_000
    while (!isOver && performance.now() < deadline) await clock.advanceAsync(1_000)
    await within(Promise.all([sending, echoed]), 'all of it')
    assert.equal((await echoed).length, 100_000)
    const closing = pair.a.close()
    while (ioScheduler.snapshot().conns.length > 0) await clock.advanceAsync(1_000)
    await closing
    await ioScheduler.close()
  })

  it('a muxer that makes no connection leaves none behind', async () => {
    const ioScheduler = createIoScheduler({ clock: new ManualClock() })
    await using pair = await swarmPair({ ioScheduler, muxers: [{ protocol: '/yamux/1.0.0', newConn () { throw new Error('no') } }] })
    await assert.rejects(pair.a.dialPeer(pair.b.localPeer))
    assert.deepEqual(ioScheduler.snapshot().conns, [])
    await ioScheduler.close()
  })
})
