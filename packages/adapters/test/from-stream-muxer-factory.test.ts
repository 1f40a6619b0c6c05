import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import type { Stream as JsStream, StreamMuxer, StreamMuxerFactory } from '@libp2p/interface'
import { streamPair } from '@libp2p/utils'
import { ConnClosedError, type PeerScope, ResourceLimitExceededError, StreamErrorCode, StreamResetError } from '@weir/network'
import { CloseTimeoutError, fromStreamMuxerFactory, RemoteNotReadingError, YamuxFrameError } from '../src/index.ts'
import { data, FIN, frame, goAway, parse, ping, RST, SYN, windowUpdate } from './frames.ts'
import { HandClock, settled } from './hand-clock.ts'
import { HandConn } from './hand-conn.ts'
import { muxedByHand, muxedPair, peerScope, QUIET, readAll } from './pair.ts'

// The first window of a stream, and its read buffer.
const STREAM_BYTES = 262_144 + 65_536

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const closed = (remote: boolean) => (error: unknown): boolean => ConnClosedError.is(error) && error.remote === remote

/** Muxers with this stream alone, which they never close. */
function oneStream (protocol: string, js: JsStream): StreamMuxerFactory {
  const muxer = Object.assign(new EventTarget(), { protocol, status: 'open', streams: [js], createStream: async () => js, close: async () => {}, abort () {} }) as unknown as StreamMuxer
  return {
    protocol,
    createStreamMuxer (conn) {
      conn.addEventListener('message', () => {})
      return muxer
    }
  }
}

/** A peer's scope that counts, and refuses beyond a limit. */
function countingScope (limitBytes: number): PeerScope & { bytes: number, spans: number } {
  const scope = {
    ...peerScope,
    bytes: 0,
    spans: 0,
    beginSpan () {
      let held = 0
      scope.spans++
      const span = {
        ...peerScope,
        reserveMemory (bytes: number, priority: number) {
          if (scope.bytes + bytes > Math.floor((1 + priority) / 256 * limitBytes)) throw new ResourceLimitExceededError({ where: 'local', scope: { kind: 'peer', peer: scope.peer }, resource: 'memory', current: scope.bytes, attempted: bytes, limit: limitBytes })
          scope.bytes += bytes
          held += bytes
        },
        releaseMemory (bytes: number) {
          if (held === 0) return
          scope.bytes -= bytes
          held -= bytes
        },
        done () {
          scope.bytes -= held
          held = 0
          scope.spans--
        },
        [Symbol.dispose] () { span.done() }
      }
      return span
    }
  }
  return scope
}

describe('fromStreamMuxerFactory', () => {
  it('carries 1 MiB and its end, both ways at once', async () => {
    const { stream, end } = muxedPair()
    const { out, into } = await stream()
    const there = randomBytes(1 << 20)
    const back = randomBytes(1 << 20)
    const [, , gotThere, gotBack] = await Promise.all([
      out.write(there).then(() => out.closeWrite()),
      into.write(back).then(() => into.closeWrite()),
      readAll(into),
      readAll(out)
    ])
    assert.equal(sha(gotThere), sha(there))
    assert.equal(sha(gotBack), sha(back))
    await Promise.all([out.close(), into.close()])
    end()
  })

  it('carries 100 streams at once', async () => {
    const { client, server, end } = muxedPair()
    const echo = (async () => {
      for (let i = 0; i < 100; i++) {
        const stream = await server.acceptStream()
        void (async () => {
          for await (const chunk of stream) await stream.write(chunk)
          await stream.close()
        })()
      }
    })()
    const answers = await Promise.all(Array.from({ length: 100 }, async (_, i) => {
      const stream = await client.openStream()
      const message = Buffer.alloc(5_000, i)
      await stream.write(message)
      await stream.closeWrite()
      const answer = await readAll(stream)
      await stream.close()
      return answer.equals(message)
    }))
    await echo
    assert(answers.every(Boolean))
    end()
  })

  it('loses no stream that came before somebody accepts', async () => {
    const { hand, conn } = muxedByHand()
    hand.feed(Buffer.concat([1, 3, 5].map(id => data(id, Buffer.from(`stream ${id}`), SYN | FIN))))
    await settled()
    for (const id of [1, 3, 5]) assert.equal((await readAll(await conn.acceptStream())).toString(), `stream ${id}`)
    conn.abort(new Error('done'))
  })

  it('resets the streams that nobody accepts beyond a number', async () => {
    const { hand, conn } = muxedByHand({ maxAcceptQueue: 2 })
    hand.feed(Buffer.concat([1, 3, 5, 7].map(id => windowUpdate(id, 0, SYN))))
    await settled()
    const resets = parse(hand.bytes).filter(({ flags }) => (flags & RST) !== 0)
    assert.deepEqual(resets.map(({ streamId }) => streamId), [5, 7])
    await conn.acceptStream()
    hand.feed(windowUpdate(9, 0, SYN))
    await settled()
    assert.equal(parse(hand.bytes).filter(({ flags }) => (flags & RST) !== 0).length, 2)
    conn.abort(new Error('done'))
  })

  it('makes room again when a stream that nobody accepted is reset by the remote', async () => {
    const { hand, conn } = muxedByHand({ maxAcceptQueue: 1 })
    hand.feed(Buffer.concat([windowUpdate(1, 0, SYN), windowUpdate(1, 0, RST), windowUpdate(3, 0, SYN)]))
    await settled()
    hand.feed(data(3, Buffer.from('third')))
    const stream = await conn.acceptStream()
    assert.equal(Buffer.from(await stream.read() ?? []).toString(), 'third')
    conn.abort(new Error('done'))
  })

  it('accepts in the order of asking, until the signal', async () => {
    const { hand, conn } = muxedByHand()
    const controller = new AbortController()
    const first = conn.acceptStream({ signal: controller.signal })
    const second = conn.acceptStream()
    controller.abort(new Error('no longer'))
    await assert.rejects(first, /no longer/)
    await assert.rejects(conn.acceptStream({ signal: controller.signal }), /no longer/)
    hand.feed(data(1, Buffer.from('x'), SYN))
    assert.equal(Buffer.from(await (await second).read() ?? []).toString(), 'x')
    conn.abort(new Error('done'))
  })

  const ends: [string, boolean, (hand: HandConn) => void][] = [
    ['closes', true, hand => { hand.finish() }],
    ['says goodbye', true, hand => { hand.feed(goAway(0)) }],
    ['says that something is wrong', true, hand => { hand.feed(goAway(1)) }],
    ['resets', false, hand => { hand.abort(new Error('reset')) }]
  ]
  for (const [what, remote, end] of ends) {
    it(`ends when the remote ${what}`, async () => {
      const { hand, conn } = muxedByHand()
      const opened = await conn.openStream()
      const [accepting, reading] = [conn.acceptStream(), opened.read()]
      end(hand)
      await assert.rejects(accepting, closed(remote))
      await assert.rejects(reading, closed(remote))
      assert.equal(conn.isClosed(), true)
      await assert.rejects(conn.openStream(), closed(remote))
      await assert.rejects(conn.acceptStream(), closed(remote))
      await assert.rejects(opened.write(Buffer.from('x')), closed(remote))
      await settled()
      assert(hand.closed || hand.aborted !== undefined, 'the connection below has ended too')
      await conn.close()
    })
  }

  it('knows the code of a goodbye', async () => {
    const { hand, conn } = muxedByHand()
    const accepting = conn.acceptStream()
    hand.feed(goAway(0x1001))
    await assert.rejects(accepting, (error: unknown) => ConnClosedError.is(error) && error.errorCode === 0x1001 && ResourceLimitExceededError.is(error.cause))
  })

  it('knows the code of a reset, and decodes that of a limit', async () => {
    const { hand, conn } = muxedByHand()
    hand.feed(Buffer.concat([data(1, Buffer.from('x'), SYN), windowUpdate(3, 0, SYN)]))
    const [first, second] = [await conn.acceptStream(), await conn.acceptStream()]
    hand.feed(Buffer.concat([windowUpdate(1, StreamErrorCode.gated, RST), windowUpdate(3, StreamErrorCode.resourceLimitExceeded, RST)]))
    await settled()
    await assert.rejects(first.read(), (error: unknown) => StreamResetError.is(error) && error.remote && error.errorCode === StreamErrorCode.gated)
    await assert.rejects(second.write(Buffer.from('x')), (error: unknown) => ResourceLimitExceededError.is(error) && error.where === 'remote')
    conn.abort(new Error('done'))
  })

  it('ends a connection whose remote announces 4 GiB, for nothing', async () => {
    const { hand, conn } = muxedByHand()
    const before = process.memoryUsage().arrayBuffers
    hand.feed(frame({ type: 0, streamId: 99, length: 2 ** 32 - 1 }))
    await assert.rejects(conn.acceptStream(), (error: unknown) => ConnClosedError.is(error) && YamuxFrameError.is(error.cause) && error.cause.lengthBytes === 2 ** 32 - 1)
    assert(YamuxFrameError.is(hand.aborted))
    assert.equal(conn.isClosed(), true)
    assert(process.memoryUsage().arrayBuffers - before < 1_048_576)
  })

  it('holds none of a frame that is too long, even when its bytes come', async () => {
    const { raw, server, end } = muxedPair({}, QUIET)
    const [attacker] = raw
    attacker.send(frame({ type: 0, streamId: 99, length: 2 ** 32 - 1 }))
    let sent = 0
    while (attacker.status === 'open' && sent < 50_000_000) {
      attacker.send(new Uint8Array(65_536))
      sent += 65_536
      await settled()
    }
    assert.equal(server.isClosed(), true)
    assert(sent < 5_000_000, `${sent} bytes were taken`)
    end()
  })

  it('ends a connection whose remote pings and does not read', async () => {
    const { hand, conn } = muxedByHand({ maxWaitingPings: 64 })
    hand.feed(Buffer.concat(Array.from({ length: 500 }, (_, i) => ping(i))))
    await settled()
    assert.equal(conn.isClosed(), false)
    hand.room = false
    for (const pings of [1, 70]) {
      hand.feed(Buffer.concat(Array.from({ length: pings }, (_, i) => ping(i))))
      await settled()
    }
    assert.equal(conn.isClosed(), true)
    assert(RemoteNotReadingError.is(hand.aborted))
  })

  it('gives a remote that reads again a new count', async () => {
    const { hand, conn } = muxedByHand({ maxWaitingPings: 10 })
    for (let round = 0; round < 5; round++) {
      hand.room = false
      hand.feed(Buffer.concat(Array.from({ length: 9 }, (_, i) => ping(i))))
      await settled()
      hand.drain()
      await settled()
    }
    hand.feed(Buffer.concat(Array.from({ length: 100 }, (_, i) => ping(i))))
    await settled()
    assert.equal(conn.isClosed(), false)
    conn.abort(new Error('done'))
  })

  it('does not lose the data that shares a frame with the end, even when writing has ended here', async () => {
    const { hand, conn } = muxedByHand({}, { isServer: false })
    const stream = await conn.openStream()
    await stream.write(Buffer.from('question'))
    await stream.closeWrite()
    hand.feed(data(1, Buffer.from('answer'), FIN))
    assert.equal((await readAll(stream)).toString(), 'answer')
    await stream.close()
    conn.abort(new Error('done'))
  })

  it('closes with a goodbye, resets what is open and ends the connection below', async () => {
    const { hand, conn } = muxedByHand()
    hand.feed(Buffer.concat([windowUpdate(1, 0, SYN), windowUpdate(3, 0, SYN)]))
    const [open, finished] = [await conn.acceptStream(), await conn.acceptStream()]
    await finished.closeWrite()
    const reading = open.read()
    const accepting = conn.acceptStream()
    await Promise.all([conn.close(), conn.close(), assert.rejects(reading, closed(false)), assert.rejects(accepting, closed(false))])
    const frames = parse(hand.bytes)
    assert.equal(frames.at(-1)?.type, 3)
    assert.deepEqual(frames.filter(({ flags }) => (flags & RST) !== 0).map(({ streamId }) => streamId), [1], 'one that was written to its end is not torn')
    assert.equal(hand.closed, true)
    assert.equal(conn.isClosed(), true)
    await assert.rejects(conn.openStream(), closed(false))
  })

  it('is closed from the moment close is called', async () => {
    const { conn } = muxedByHand()
    const closing = conn.close()
    assert.equal(conn.isClosed(), true)
    await closing
  })

  it('aborts when closing takes too long', async () => {
    const clock = new HandClock()
    const { hand, conn } = muxedByHand({ clock, closeTimeoutMs: 700 })
    hand.close = () => new Promise(() => {})
    const closing = conn.closeWithError(0x1006)
    await clock.turn(699)
    assert.equal(hand.aborted, undefined)
    await clock.turn(1)
    await closing
    assert(CloseTimeoutError.is(hand.aborted))
    assert.equal(clock.armed, 0)
  })

  it('aborts synchronously, and lets everybody see why', async () => {
    const { hand, conn } = muxedByHand()
    hand.feed(windowUpdate(1, 0, SYN))
    const stream = await conn.acceptStream()
    const [reading, accepting] = [stream.read(), conn.acceptStream()]
    const cause = new Error('enough')
    conn.abort(cause)
    assert.equal(conn.isClosed(), true)
    assert.equal(hand.aborted, cause)
    for (const waiting of [reading, accepting]) await assert.rejects(waiting, (error: unknown) => ConnClosedError.is(error) && error.cause === cause)
    conn.abort(new Error('twice'))
    await conn.close()
  })

  it('opens no stream for a signal that has fired', async () => {
    const { hand, conn } = muxedByHand()
    await assert.rejects(conn.openStream({ signal: AbortSignal.abort(new Error('no')) }), /no/)
    await settled()
    assert.equal(hand.bytes.length, 0)
    conn.abort(new Error('done'))
  })

  it('charges windows and read buffers to the peer, and gives everything back', async () => {
    const scope = countingScope(10_000_000)
    const { hand, conn } = muxedByHand({}, { scope })
    hand.feed(windowUpdate(1, 0, SYN))
    const [into, out] = [await conn.acceptStream(), await conn.openStream()]
    assert.equal(scope.bytes, 2 * STREAM_BYTES)
    into.reset()
    assert.equal(scope.bytes, STREAM_BYTES)
    await out.close()
    assert.equal(scope.bytes, STREAM_BYTES, 'the remote may be sending still')
    hand.feed(windowUpdate(2, 0, FIN))
    await settled()
    assert.equal(scope.bytes, 0)
    await conn.openStream()
    await conn.close()
    assert.deepEqual([scope.bytes, scope.spans], [0, 0])
  })

  it('resets a stream that the peer has no memory for, and refuses to open one', async () => {
    const scope = countingScope(2 * STREAM_BYTES - 1)
    const { hand, conn } = muxedByHand({}, { scope })
    hand.feed(Buffer.concat([windowUpdate(1, 0, SYN), windowUpdate(3, 0, SYN)]))
    const stream = await conn.acceptStream()
    await settled()
    assert.deepEqual(parse(hand.bytes).filter(({ flags }) => (flags & RST) !== 0).map(({ streamId }) => streamId), [3])
    await assert.rejects(conn.openStream(), error => ResourceLimitExceededError.is(error))
    assert.equal(conn.isClosed(), false)
    stream.reset()
    await conn.openStream()
    conn.abort(new Error('done'))
    assert.deepEqual([scope.bytes, scope.spans], [0, 0])
  })

  it('ends the connection when the muxer cannot be made', () => {
    const factory: StreamMuxerFactory = { protocol: '/broken', createStreamMuxer () { throw new Error('no muxer') } }
    const scope = countingScope(1_000)
    const hand = new HandConn()
    assert.throws(() => fromStreamMuxerFactory(factory).newConn(hand, true, scope), /no muxer/)
    assert.match(String(hand.aborted), /no muxer/)
    assert.equal(scope.spans, 0)
  })

  it('lets js hold what a window of a guarded stream was granted', async () => {
    const [js] = await streamPair()
    const stream = await fromStreamMuxerFactory(oneStream('/yamux/1.0.0', js), { maxStreamWindowBytes: 8 << 20 }).newConn(new HandConn(), false, peerScope).openStream()
    assert(js.maxReadBufferLength >= 8 << 20)
    stream.reset()
  })

  it('ends the streams of a muxer that forgets to', async () => {
    const [js] = await streamPair()
    const hand = new HandConn()
    const stream = await fromStreamMuxerFactory(oneStream('/forgetful', js)).newConn(hand, false, peerScope).openStream()
    const reading = stream.read()
    hand.finish()
    await assert.rejects(reading, closed(true))
  })

  it('leaves no timers', async () => {
    const clock = new HandClock()
    const { stream, client, server } = muxedPair({ clock }, QUIET)
    const { out, into } = await stream()
    await out.close()
    await into.close()
    await settled()
    await Promise.all([client.close(), server.close()])
    await settled()
    assert.equal(clock.armed, 0)
  })

  it('knows its options', () => {
    const factory: StreamMuxerFactory = { protocol: '/x', createStreamMuxer () { throw new Error('unused') } }
    assert.throws(() => fromStreamMuxerFactory(factory, { maxStreams: 3 } as object), /fromStreamMuxerFactory has no option maxStreams/)
    assert.throws(() => fromStreamMuxerFactory(factory, { maxAcceptQueue: 1.5 }), /maxAcceptQueue must be a whole number/)
    assert.equal(fromStreamMuxerFactory(factory).protocol, '/x')
  })
})
