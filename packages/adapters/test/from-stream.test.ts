import assert from 'node:assert/strict'
import { streamPair } from '@libp2p/utils'
import { ConnClosedError, DeadlineExceededError, type MuxedStream, StreamReadClosedError, StreamReadPendingError, StreamResetError, StreamWriteClosedError, type Uint8ArrayList as List } from '@weir/network'
import { Uint8ArrayList } from 'uint8arraylist'
import { CloseTimeoutError, fromStream } from '../src/index.ts'
import { ACK, data, FIN, parse, type Parsed, RST, SYN, windowUpdate } from './frames.ts'
import { HandClock, settled } from './hand-clock.ts'
import type { HandConn } from './hand-conn.ts'
import { muxedByHand, muxedPair, QUIET, readAll } from './pair.ts'

const WINDOW = 262_144
const text = (chunk: Uint8Array | undefined): string | undefined => chunk === undefined ? undefined : Buffer.from(chunk).toString()
const reset = (remote: boolean) => (error: unknown): boolean => StreamResetError.is(error) && error.remote === remote

/** Waits until a number has not changed for a while: the pair of connections below has timers of its own. */
async function still (read: () => number): Promise<void> {
  for (let quiet = 0, last = -1; quiet < 5; quiet = last === read() ? quiet + 1 : 0) {
    last = read()
    await new Promise(resolve => { setTimeout(resolve, 10) })
  }
}

/** A stream that the remote has opened by hand. */
async function byHand (first: Buffer = windowUpdate(1, 0, SYN), clock: HandClock = new HandClock(), init: object = {}): Promise<{ hand: HandConn, stream: MuxedStream, clock: HandClock, end: () => void, sent: () => ReturnType<typeof parse> }> {
  const { hand, conn } = muxedByHand({ clock, ...init })
  hand.feed(first)
  const stream = await conn.acceptStream()
  await settled()
  return { hand, stream, clock, end: () => { conn.abort(new Error('done')) }, sent: () => parse(hand.bytes) }
}

const hasFlag = (frame: Parsed | undefined, flag: number): boolean => frame !== undefined && (frame.flags & flag) !== 0
const dataBytes = (frames: ReturnType<typeof parse>): number => frames.reduce((sum, { type, length }) => type === 0 ? sum + length : sum, 0)
const granted = (frames: ReturnType<typeof parse>): number => frames.reduce((sum, { type, length, flags }) => type === 1 && (flags & RST) === 0 ? sum + length : sum, 0)

describe('fromStream: reading', () => {
  it('pulls, one read at a time', async () => {
    const { hand, stream, end } = await byHand()
    const first = stream.read()
    await assert.rejects(stream.read(), StreamReadPendingError)
    hand.feed(data(1, Buffer.from('one')))
    assert.equal(text(await first), 'one')
    end()
  })

  it('ends with undefined, again and again', async () => {
    const { stream, end } = await byHand(data(1, Buffer.from('all'), SYN | FIN))
    assert.equal(text(await stream.read()), 'all')
    assert.equal(await stream.read(), undefined)
    assert.equal(await stream.read(), undefined)
    end()
  })

  it('loses nothing when a read is aborted', async () => {
    const { hand, stream, end } = await byHand()
    const controller = new AbortController()
    const read = stream.read({ signal: controller.signal })
    controller.abort(new Error('not now'))
    hand.feed(data(1, Buffer.from('kept')))
    await assert.rejects(read, /not now/)
    await settled()
    await assert.rejects(stream.read({ signal: controller.signal }), /not now/)
    assert.equal(text(await stream.read()), 'kept')
    end()
  })

  it('loses nothing when a read expires', async () => {
    const { hand, stream, clock, end } = await byHand()
    stream.setReadDeadline(clock.monotonicMs() + 100)
    const read = assert.rejects(stream.read(), (error: unknown) => DeadlineExceededError.is(error) && error.operation === 'read')
    assert.equal(clock.armed, 1)
    await clock.turn(100)
    await read
    assert.equal(clock.armed, 0)
    hand.feed(data(1, Buffer.from('kept')))
    await settled()
    await assert.rejects(stream.read(), DeadlineExceededError, 'a deadline that has passed lets nothing through')
    stream.setReadDeadline()
    assert.equal(text(await stream.read()), 'kept')
    end()
  })

  it('moves the deadline of a read that waits', async () => {
    const { stream, clock, end } = await byHand()
    let done = false
    stream.setDeadline(clock.monotonicMs() + 100)
    const read = assert.rejects(stream.read(), DeadlineExceededError).then(() => { done = true })
    stream.setReadDeadline(clock.monotonicMs() + 1_000)
    await clock.turn(999)
    assert.equal(done, false)
    stream.setReadDeadline(clock.monotonicMs() - 1)
    await read
    assert.equal(clock.armed, 0)
    assert.throws(() => { stream.setDeadline(Number.NaN) }, RangeError)
    end()
  })

  it('stops the sender at about a window while nobody reads, and loses nothing', async () => {
    const { stream, end } = muxedPair({}, QUIET)
    const { out, into } = await stream()
    let written = 0
    const total = 4 << 20
    const writing = (async () => {
      while (written < total) {
        await out.write(new Uint8Array(16_384).fill(written / 16_384))
        written += 16_384
      }
      await out.closeWrite()
    })()
    await still(() => written)
    assert(written <= WINDOW + 65_536 + 2 * 65_536, `${written} bytes were taken`)
    assert(written >= WINDOW - 16_384, `${written} bytes were taken`)
    let read = 0
    for await (const chunk of into) for (const byte of chunk) assert.equal(byte, Math.floor(read++ / 16_384) % 256)
    assert.equal(read, total)
    await writing
    end()
  })

  it('stops a sender that has grown its window, too', async () => {
    const { stream, end, raw } = muxedPair()
    const { out, into } = await stream()
    let written = 0
    const writing = (async () => {
      while (true) {
        await out.write(new Uint8Array(65_536))
        written += 65_536
      }
    })().catch(() => {})
    let read = 0
    while (read < 8 << 20) read += (await into.read())?.byteLength ?? 0 // fast, so that js yamux grows the window
    await still(() => written)
    assert(written - read < 1_048_576 + 4 * 65_536, `${written - read} bytes are held`)
    assert.equal(raw[1].status, 'open')
    end()
    await writing
  })

  it('acknowledges a stream even when its first bytes fill the buffer', async () => {
    const { sent, stream, hand, end } = await byHand(data(1, Buffer.alloc(200_000), SYN))
    assert.equal(sent().filter(({ flags }) => (flags & ACK) !== 0).length, 1)
    hand.feed(data(1, Buffer.alloc(1_000)))
    await settled()
    const before = granted(sent())
    hand.feed(data(1, Buffer.alloc(1_000)))
    await settled()
    assert.equal(granted(sent()), before, 'no window is granted while nobody reads')
    let read = 0
    while (read < 202_000) read += (await stream.read())?.byteLength ?? 0
    await settled()
    assert.equal(granted(sent()), 202_000)
    end()
  })

  it('rejects what waits and what follows once reading is closed, and lets the sender go on', async () => {
    const { hand, stream, sent, end } = await byHand(data(1, Buffer.alloc(100_000), SYN))
    hand.feed(data(1, Buffer.alloc(WINDOW - 100_000)))
    await settled()
    await stream.closeRead()
    await assert.rejects(stream.read(), StreamReadClosedError)
    await settled()
    assert.equal(granted(sent()), WINDOW, 'all that was sent is granted again')
    hand.feed(data(1, Buffer.alloc(WINDOW)))
    await settled()
    assert.equal(granted(sent()), 2 * WINDOW)
    await stream.write(Buffer.from('still writing'))
    end()

    const waiting = await byHand()
    const read = waiting.stream.read()
    await waiting.stream.closeRead()
    await assert.rejects(read, StreamReadClosedError)
    waiting.end()
  })

  it('gives what came before the connection ended, then says that it was cut short', async () => {
    const { hand, stream } = await byHand(data(1, Buffer.from('half of it'), SYN))
    hand.finish()
    await settled()
    assert.equal(text(await stream.read()), 'half of it')
    await assert.rejects(stream.read(), ConnClosedError)
  })

  it('gives all of a stream that was whole before the connection ended', async () => {
    const { hand, stream } = await byHand(Buffer.concat([data(1, Buffer.alloc(WINDOW), SYN), windowUpdate(1, 0, FIN)]))
    hand.finish()
    await settled()
    assert.equal((await readAll(stream)).length, WINDOW)
  })
})

describe('fromStream: writing', () => {
  it('resolves when the muxer took it under the window', async () => {
    const { hand, stream, sent, end } = await byHand()
    let taken = false
    const big = stream.write(Buffer.alloc(WINDOW + 10)).then(() => { taken = true })
    await settled()
    assert.equal(dataBytes(sent()), WINDOW)
    assert.equal(taken, false)
    hand.feed(windowUpdate(1, 4_000))
    await big
    assert.equal(dataBytes(sent()), WINDOW + 10)
    end()
  })

  it('sends no frame larger than a piece, and does several writes in order', async () => {
    const { stream, sent, end } = await byHand(undefined, undefined, { maxWriteChunkBytes: 1_000 })
    const list: List = new Uint8ArrayList(Buffer.alloc(700, 'a'), Buffer.alloc(800, 'b'))
    await Promise.all([stream.write(Buffer.alloc(2_500, 'x')), stream.write(list), stream.write(Buffer.from('end')), stream.closeWrite()])
    const frames = sent().filter(({ type }) => type === 0)
    assert(frames.every(({ length }) => length <= 1_000))
    assert.equal(Buffer.concat(frames.map(({ payload }) => payload)).toString(), `${'x'.repeat(2_500)}${'a'.repeat(700)}${'b'.repeat(800)}end`)
    assert.equal(sent().at(-1)?.flags, FIN)
    end()
  })

  it('keeps at most one piece in the muxer while the connection is full', async () => {
    const { hand, stream, sent, end } = await byHand()
    hand.room = false
    const writing = stream.write(Buffer.alloc(200_000))
    await settled()
    assert.equal(dataBytes(sent()), 65_536)
    for (let i = 0; i < 2; i++) {
      hand.drain()
      hand.room = false
      await settled()
    }
    assert.equal(dataBytes(sent()), 196_608)
    hand.drain()
    await writing
    end()
  })

  it('lets the streams of a full connection write in turn', async () => {
    const { hand, conn } = muxedByHand()
    hand.feed(Buffer.concat([1, 3, 5].map(id => windowUpdate(id, 1 << 20, SYN))))
    const streams = [await conn.acceptStream(), await conn.acceptStream(), await conn.acceptStream()]
    await settled()
    hand.room = false
    const writes = streams.map(stream => stream.write(Buffer.alloc(1 << 20)).catch(() => {}))
    for (let i = 0; i < 8; i++) {
      await settled()
      hand.drain()
      hand.room = false
    }
    await settled()
    const order = parse(hand.bytes).filter(({ type }) => type === 0).map(({ streamId }) => streamId)
    assert.deepEqual(order.slice(0, 9), [1, 1, 3, 5, 1, 3, 5, 1, 3], 'the first wrote once before the connection was full')
    conn.abort(new Error('done'))
    await Promise.all(writes)
  })

  it('resets the stream when a write is aborted after bytes were taken', async () => {
    const { stream, sent, end } = await byHand()
    const controller = new AbortController()
    const write = stream.write(Buffer.alloc(WINDOW + 1), { signal: controller.signal })
    const later = stream.write(Buffer.from('later'))
    await settled()
    controller.abort(new Error('too slow'))
    await assert.rejects(write, /too slow/)
    await assert.rejects(later, reset(false))
    await assert.rejects(stream.read(), reset(false))
    assert.equal(sent().at(-1)?.flags, RST)
    end()
  })

  it('leaves the stream as it is when a write is aborted before', async () => {
    const { hand, stream, sent, end } = await byHand()
    hand.room = false
    await stream.write(Buffer.from('fills the connection'))
    const controller = new AbortController()
    const write = stream.write(Buffer.from('never'), { signal: controller.signal })
    const later = stream.write(Buffer.from('later'))
    await assert.rejects(stream.write(Buffer.from('x'), { signal: AbortSignal.abort(new Error('at once')) }), /at once/)
    controller.abort(new Error('given up'))
    await assert.rejects(write, /given up/)
    hand.drain()
    await later
    assert.deepEqual(sent().filter(({ type }) => type === 0).map(({ payload }) => payload.toString()), ['fills the connection', 'later'])
    end()
  })

  it('expires writes, and resets the stream when one was half done', async () => {
    const { stream, clock, sent, end } = await byHand()
    stream.setWriteDeadline(clock.monotonicMs() + 50)
    const half = assert.rejects(stream.write(Buffer.alloc(WINDOW + 1)), (error: unknown) => DeadlineExceededError.is(error) && error.operation === 'write')
    const queued = assert.rejects(stream.write(Buffer.from('queued')), DeadlineExceededError)
    await settled()
    await clock.turn(50)
    await Promise.all([half, queued])
    await assert.rejects(stream.write(Buffer.from('x')), reset(false))
    assert.equal(sent().at(-1)?.flags, RST)
    assert.equal(clock.armed, 0)
    end()
  })

  it('expires a write that was not begun without harm', async () => {
    const { hand, stream, clock, end } = await byHand()
    hand.room = false
    await stream.write(Buffer.from('fills the connection'))
    stream.setWriteDeadline(clock.monotonicMs() + 50)
    const write = assert.rejects(stream.write(Buffer.from('x')), DeadlineExceededError)
    await clock.turn(50)
    await write
    await assert.rejects(stream.write(Buffer.from('x')), DeadlineExceededError)
    stream.setWriteDeadline()
    hand.drain()
    await stream.write(Buffer.from('y'))
    end()
  })

  it('flushes before it ends writing, and refuses writes from then on', async () => {
    const { hand, stream, sent, end } = await byHand()
    const write = stream.write(Buffer.alloc(WINDOW + 5))
    const closing = stream.closeWrite()
    await assert.rejects(stream.write(Buffer.from('late')), StreamWriteClosedError)
    await settled()
    assert.notEqual(sent().at(-1)?.flags, FIN)
    hand.feed(windowUpdate(1, 100))
    await Promise.all([write, closing, stream.closeWrite()])
    assert.equal(dataBytes(sent()), WINDOW + 5)
    assert.equal(sent().at(-1)?.flags, FIN)
    hand.feed(data(1, Buffer.from('reading goes on')))
    assert.equal(text(await stream.read()), 'reading goes on')
    end()
  })

  it('resets the stream when the end cannot be sent in time', async () => {
    const { hand, stream, clock, end } = await byHand(undefined, undefined, { closeTimeoutMs: 300 })
    hand.room = false
    await stream.write(Buffer.from('fills the connection'))
    const closing = stream.closeWrite()
    await settled()
    await clock.turn(300)
    await closing
    await assert.rejects(stream.read(), (error: unknown) => StreamResetError.is(error) && CloseTimeoutError.is(error.cause))
    assert.equal(clock.armed, 0)
    end()
  })

  it('rejects what waits when the remote resets', async () => {
    const { hand, stream, end } = await byHand(data(1, Buffer.from('unread'), SYN))
    const write = stream.write(Buffer.alloc(WINDOW + 1))
    await settled()
    hand.feed(windowUpdate(1, 0, RST))
    await assert.rejects(write, reset(true))
    await assert.rejects(stream.read(), reset(true))
    await assert.rejects(stream.write(Buffer.from('x')), reset(true))
    await Promise.all([stream.closeWrite(), stream.closeRead(), stream.close()])
    stream.reset()
    end()
  })

  it('writes nothing at no cost', async () => {
    const { stream, sent, end } = await byHand()
    const before = sent().length
    await stream.write(new Uint8Array())
    assert.equal(sent().length, before)
    end()
  })
})

describe('fromStream: ending', () => {
  it('resets both halves at once', async () => {
    for (const [how, code] of [['reset', 0], ['resetWithError', 0x1003]] as const) {
      const { stream, sent, end } = await byHand()
      const [read, write] = [stream.read(), stream.write(Buffer.alloc(WINDOW + 1))]
      stream[how](code)
      assert.equal(sent().at(-1)?.flags, RST, 'synchronously')
      for (const waiting of [read, write, stream.read(), stream.write(Buffer.from('x'))]) await assert.rejects(waiting, (error: unknown) => StreamResetError.is(error) && !error.remote && error.errorCode === code)
      stream.reset()
      end()
    }
  })

  it('shows the cause of an abort to its own users', async () => {
    const { stream, sent, end } = await byHand()
    const cause = new Error('a reason')
    const read = stream.read()
    stream.abort(cause)
    assert.equal(sent().at(-1)?.flags, RST)
    await assert.rejects(read, cause)
    await assert.rejects(stream.write(Buffer.from('x')), cause)
    end()
  })

  it('closes both halves without waiting for the remote', async () => {
    const { stream, sent, hand, clock, end } = await byHand()
    await stream.close()
    assert(hasFlag(sent().at(-1), FIN))
    await assert.rejects(stream.read(), StreamReadClosedError)
    await assert.rejects(stream.write(Buffer.from('x')), StreamWriteClosedError)
    assert.equal(clock.armed, 1)
    hand.feed(windowUpdate(1, 0, FIN))
    await settled()
    assert.equal(clock.armed, 0)
    await stream.close()
    end()
  })

  it('resets a closed stream whose remote never ends its side', async () => {
    const { stream, sent, clock, end } = await byHand()
    await stream.close()
    await clock.turn(299_999)
    assert(hasFlag(sent().at(-1), FIN))
    await clock.turn(1)
    assert.equal(sent().at(-1)?.flags, RST)
    assert.equal(clock.armed, 0)
    end()
  })

  it('closes by await using, and resets when that takes too long', async () => {
    const quick = await byHand()
    {
      await using stream = quick.stream
      await stream.write(Buffer.from('x'))
    }
    assert.equal(quick.sent().at(-1)?.flags, FIN)
    quick.end()

    const slow = await byHand(undefined, undefined, { closeTimeoutMs: 100 })
    const write = assert.rejects(slow.stream.write(Buffer.alloc(WINDOW + 1)), CloseTimeoutError)
    const disposed = slow.stream[Symbol.asyncDispose]()
    await slow.clock.turn(100)
    await disposed
    await write
    assert.equal(slow.sent().at(-1)?.flags, RST)
    slow.end()
  })

  it('reads in for await to the end, and closes reading when it is left early', async () => {
    const { hand, stream, end } = await byHand()
    hand.feed(data(1, Buffer.from('one')))
    for await (const chunk of stream) {
      assert.equal(text(chunk), 'one')
      break
    }
    await assert.rejects(stream.read(), StreamReadClosedError)
    await stream.write(Buffer.from('writing goes on'))
    end()
  })

  it('works on a stream that has no connection of ours', async () => {
    const clock = new HandClock()
    const [a, b] = await streamPair()
    const [out, into] = [fromStream(a, { clock }), fromStream(b, { clock })]
    const sent = Buffer.alloc(300_000, 'weir')
    const [, got] = await Promise.all([out.write(sent).then(() => out.close()), readAll(into)])
    assert.deepEqual(got, sent)
    await into.close()
    await settled()
    assert.equal(clock.armed, 0)
    assert.throws(() => fromStream(a, { chunk: 1 } as object), /fromStream has no option chunk/)
  })

  it('knows a stream that was reset before', async () => {
    const [a, b] = await streamPair()
    a.abort(new Error('x'))
    await settled()
    await new Promise(resolve => { setTimeout(resolve, 20) })
    await assert.rejects(fromStream(b).read(), reset(true))
  })
})
