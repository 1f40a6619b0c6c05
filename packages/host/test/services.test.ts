import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { ECHO_PROTOCOL, PerfLimitError, PING_PROTOCOL, PingPayloadError, perf, ping, pings, registerEcho, registerPerf, registerPing, UnexpectedStreamEndError } from '../src/index.ts'
import { hostPair, join, readAll, until } from './host-pair.ts'
import { nothingUnhandled } from './unhandled.ts'

describe('services', () => {
  describe('ping', () => {
    it('measures the round trip, and records it', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b, managers } = pair
      registerPing(b)
      await join(a, b)
      const rttMs = await ping(a, b.peer)
      assert.ok(rttMs > 0 && rttMs < 5_000, `${rttMs}`)
      assert.equal(a.network.peerstore.latencyEwmaMs(b.peer), rttMs)
      for (const { log } of managers) assert.ok(log.includes('stream.setService libp2p.ping'))
      assert.ok(managers[1]?.log.includes('stream.reserveMemory 32 255'))
    })

    it('pings many times on one stream, and closes it when the caller leaves', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b, managers } = pair
      registerPing(b)
      await join(a, b)
      let count = 0
      for await (const rttMs of pings(a, b.peer)) {
        assert.ok(rttMs > 0)
        if (++count === 10) break
      }
      const opened = managers[0]?.log.filter(line => line.startsWith('openStream outbound')) ?? []
      assert.equal(opened.length, 1)
      await until(() => b.network.conns().every(conn => conn.streams().length === 0), 'the streams are gone')
    })

    it('tells of an answer that is not what was sent', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      b.setStreamHandler(PING_PROTOCOL, async stream => {
        await stream.read()
        await stream.write(new Uint8Array(32))
        await stream.close()
      })
      await join(a, b)
      await assert.rejects(ping(a, b.peer), (error: unknown) => PingPayloadError.is(error) && error.peer.toString() === b.peer.toString())
    })

    it('tells of an end instead of an answer', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      b.setStreamHandler(PING_PROTOCOL, async stream => {
        await stream.read()
        await stream.close()
      })
      await join(a, b)
      await assert.rejects(ping(a, b.peer), UnexpectedStreamEndError.is)
    })

    it('ends with its registration, with its signal, and takes no unknown option', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      { using _registered = registerPing(b); assert.deepEqual(b.protocols(), [PING_PROTOCOL]) }
      assert.deepEqual(b.protocols(), [])
      await assert.rejects(ping(a, b.peer, { signal: AbortSignal.abort(new Error('gone')) }), /gone/)
      await assert.rejects(ping(a, b.peer, { count: 3 } as object), /count/)
      await assert.rejects(ping(a, b.peer, { timeoutMs: 0 }), RangeError)
    })
  })

  describe('echo', () => {
    it('sends a mebibyte back unchanged', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      registerEcho(b)
      await join(a, b)
      const sent = randomBytes(1_048_576)
      const stream = await a.newStream(b.peer, ECHO_PROTOCOL)
      const sending = (async () => {
        for (let at = 0; at < sent.byteLength; at += 50_000) await stream.write(sent.subarray(at, at + 50_000))
        await stream.closeWrite()
      })()
      const hash = createHash('sha256')
      for await (const bytes of stream) hash.update(bytes)
      await sending
      await stream.close()
      assert.equal(hash.digest('hex'), createHash('sha256').update(sent).digest('hex'))
    })

    it('serves a hundred streams at once', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      registerEcho(b)
      await join(a, b)
      await Promise.all(Array.from({ length: 100 }, async (_, i) => {
        const stream = await a.newStream(b.peer, ECHO_PROTOCOL)
        await stream.write(Buffer.from(`stream ${i}`))
        await stream.closeWrite()
        assert.equal(String(await readAll(stream)), `stream ${i}`)
        await stream.close()
      }))
      assert.equal(a.network.conns().length, 1)
      await until(() => [a, b].every(host => host.network.conns().every(conn => conn.streams().length === 0)), 'the streams are gone')
    })
  })

  describe('perf', () => {
    it('measures what was asked for, both ways', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b, managers } = pair
      registerPerf(b)
      await join(a, b)
      const result = await perf(a, b.peer, { uploadBytes: 1_000_001, downloadBytes: 300_007 })
      assert.equal(result.uploadBytes, 1_000_001)
      assert.equal(result.downloadBytes, 300_007)
      assert.ok(result.uploadMs > 0 && result.downloadMs > 0)
      assert.ok(managers[1]?.log.includes('stream.setService libp2p.perf'))
      const nothing = await perf(a, b.peer, { uploadBytes: 0, downloadBytes: 0 })
      assert.ok(nothing.uploadMs > 0)
    })

    it('refuses more than the responder allows, either way', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      registerPerf(b, { maxBytes: 1_000 })
      await join(a, b)
      await perf(a, b.peer, { uploadBytes: 1_000, downloadBytes: 1_000 })
      await assert.rejects(perf(a, b.peer, { uploadBytes: 0, downloadBytes: 1_001 }))
      await assert.rejects(perf(a, b.peer, { uploadBytes: 1_001, downloadBytes: 0 }))
    })

    it('tells of a responder that sends too little or too much', async () => {
      await using _ = nothingUnhandled()
      await using pair = await hostPair()
      const { a, b } = pair
      b.setStreamHandler('/perf/1.0.0', async stream => {
        await readAll(stream)
        await stream.write(new Uint8Array(10))
        await stream.close()
      })
      await join(a, b)
      await assert.rejects(perf(a, b.peer, { uploadBytes: 0, downloadBytes: 11 }), (error: unknown) => UnexpectedStreamEndError.is(error) && error.receivedBytes === 10)
      await assert.rejects(perf(a, b.peer, { uploadBytes: 0, downloadBytes: 9 }), PerfLimitError.is)
      assert.deepEqual(a.network.conns().flatMap(conn => conn.streams()), [], 'the streams are reset')
    })

    it('validates its options', async () => {
      await using pair = await hostPair()
      const { a, b } = pair
      assert.throws(() => registerPerf(b, { maxBytes: -1 }), RangeError)
      assert.throws(() => registerPerf(b, { maxbytes: 1 } as object), TypeError)
      await assert.rejects(perf(a, b.peer, { uploadBytes: 1.5, downloadBytes: 0 }), RangeError)
      await assert.rejects(perf(a, b.peer, { uploadBytes: 0, downloadBytes: Infinity }), RangeError)
    })
  })
})
