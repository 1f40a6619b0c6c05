import assert from 'node:assert/strict'
import { assertNoTimers, ManualClock, turn } from '@weir/compliance'
import { DeadlineExceededError, StreamResetError } from '@weir/network'
import { ECHO_DEFAULTS, ECHO_PROTOCOL, perf, PERF_PROTOCOL, PING_DEFAULTS, PING_PROTOCOL, ping, pings, registerEcho, registerPerf, registerPing } from '../src/index.ts'
import { linkedHost } from './linked-host.ts'

describe('the deadlines of services', () => {
  describe('ping', () => {
    it('answers one stream for so long at most, however busy it is', async () => {
      const clock = new ManualClock()
      const { host, peer, rejections } = linkedHost(clock)
      registerPing(host)
      const stream = await host.newStream(peer, PING_PROTOCOL)
      for (let ms = 0; ms < PING_DEFAULTS.responderTotalMs - 1_000; ms += 5_000) {
        await stream.write(new Uint8Array(32))
        assert.equal((await stream.read())?.byteLength, 32)
        await clock.advanceAsync(5_000)
      }
      await clock.advanceAsync(1_000)
      await assert.rejects(stream.read(), StreamResetError.is)
      assert.ok(DeadlineExceededError.is(rejections[0]))
      assertNoTimers(clock)
    })

    it('waits for the next ping for so long, also when bytes trickle', async () => {
      const clock = new ManualClock()
      const { host, peer, rejections } = linkedHost(clock)
      registerPing(host)
      const stream = await host.newStream(peer, PING_PROTOCOL)
      await stream.write(new Uint8Array(1))
      await clock.advanceAsync(PING_DEFAULTS.responderIdleMs - 1)
      assert.equal(rejections.length, 0)
      await stream.write(new Uint8Array(1))
      await clock.advanceAsync(1)
      assert.ok(DeadlineExceededError.is(rejections[0]))
      assertNoTimers(clock)
    })

    it('resets a stream that ends in the middle of a ping', async () => {
      const clock = new ManualClock()
      const { host, peer, rejections } = linkedHost(clock)
      registerPing(host)
      const stream = await host.newStream(peer, PING_PROTOCOL)
      await stream.write(new Uint8Array(31))
      await stream.close()
      await turn()
      assert.equal(rejections.length, 1)
      assertNoTimers(clock)
    })

    it('gives up a ping that is not answered in time', async () => {
      const clock = new ManualClock()
      const { host, peer, streams } = linkedHost(clock)
      await Promise.all([assert.rejects(ping(host, peer), DeadlineExceededError.is), clock.advanceAsync(PING_DEFAULTS.timeoutMs)])
      await Promise.all([assert.rejects(ping(host, peer, { timeoutMs: 5 }), DeadlineExceededError.is), clock.advanceAsync(5)])
      assert.ok(streams.every(([near]) => near.ended && near.log.includes('reset 0x0')))
      assertNoTimers(clock)
    })

    it('takes a new stream before the responder would end the old one', async () => {
      const clock = new ManualClock()
      const { host, peer, streams, rejections } = linkedHost(clock)
      registerPing(host)
      const counts: number[] = []
      const waits = [1_000, 1_000, PING_DEFAULTS.reuseIdleMs, 4_000, 4_000, 4_000, 4_000, 4_000, 0]
      for await (const rttMs of pings(host, peer)) {
        assert.equal(rttMs, 0)
        counts.push(streams.length)
        const waitMs = waits.shift()
        if (waitMs === undefined) break
        await clock.advanceAsync(waitMs)
      }
      assert.deepEqual(counts, [1, 1, 1, 2, 2, 2, 2, 2, 3, 3], 'idle for too long, then old')
      await turn()
      assert.deepEqual(rejections, [])
      assert.ok(streams.flat().every(stream => stream.ended))
      assertNoTimers(clock)
    })

    it('leaves no deadline on the stream between two pings', async () => {
      const clock = new ManualClock()
      const { host, peer, streams } = linkedHost(clock)
      host.setStreamHandler(PING_PROTOCOL, async stream => {
        for await (const bytes of stream) await stream.write(bytes)
        await stream.close()
      })
      for await (const _ of pings(host, peer, { timeoutMs: 5 })) {
        assertNoTimers(clock)
        break
      }
      await turn()
      assert.ok(streams.flat().every(stream => stream.ended))
    })

    it('sends bytes that are not to be foreseen, from where it is told to', async () => {
      const clock = new ManualClock()
      const { host, peer } = linkedHost(clock)
      const seen: string[] = []
      host.setStreamHandler(PING_PROTOCOL, async stream => {
        for await (const bytes of stream) {
          seen.push(Buffer.from(bytes).toString('hex'))
          await stream.write(bytes)
        }
        await stream.close()
      })
      await ping(host, peer)
      await ping(host, peer)
      assert.notEqual(seen[0], seen[1])
      await ping(host, peer, { randomBytes: length => new Uint8Array(length).fill(7) })
      assert.equal(seen[2], '07'.repeat(32))
    })
  })

  it('echo resets a stream on which nothing moves', async () => {
    const clock = new ManualClock()
    const { host, peer, rejections } = linkedHost(clock)
    registerEcho(host)
    const stream = await host.newStream(peer, ECHO_PROTOCOL)
    for (let i = 0; i < 3; i++) {
      await stream.write(Buffer.from('x'))
      assert.equal((await stream.read())?.byteLength, 1)
      await clock.advanceAsync(ECHO_DEFAULTS.idleMs - 1)
    }
    assert.deepEqual(rejections, [])
    await clock.advanceAsync(1)
    assert.ok(DeadlineExceededError.is(rejections[0]))
    assertNoTimers(clock)
  })

  describe('perf', () => {
    it('ends a measurement that takes too long, on either side', async () => {
      const clock = new ManualClock()
      const { host, peer, rejections } = linkedHost(clock)
      registerPerf(host, { timeoutMs: 1_000 })
      const stream = await host.newStream(peer, PERF_PROTOCOL)
      await stream.write(new Uint8Array(8))
      await clock.advanceAsync(1_000)
      assert.ok(DeadlineExceededError.is(rejections[0]))
      host.setStreamHandler(PERF_PROTOCOL, () => {})
      await Promise.all([assert.rejects(perf(host, peer, { uploadBytes: 0, downloadBytes: 1, timeoutMs: 50 }), DeadlineExceededError.is), clock.advanceAsync(50)])
      await stream.close()
      assertNoTimers(clock)
    })

    it('refuses numbers that no time would do for, and an end before the number', async () => {
      const clock = new ManualClock()
      const { host, peer, rejections } = linkedHost(clock)
      registerPerf(host)
      const huge = await host.newStream(peer, PERF_PROTOCOL)
      await huge.write(new Uint8Array(8).fill(0xff))
      await turn()
      const empty = await host.newStream(peer, PERF_PROTOCOL)
      await empty.close()
      await turn()
      assert.deepEqual(rejections.map(error => (error as Error).name), ['PerfLimitError', 'UnexpectedStreamEndError'])
      assertNoTimers(clock)
    })
  })
})
