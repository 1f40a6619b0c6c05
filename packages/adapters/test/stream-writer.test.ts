import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { ConnClosedError, DeadlineExceededError, StreamResetError, StreamWriteClosedError, type Uint8ArrayList as List } from '@weir/network'
import { Uint8ArrayList } from 'uint8arraylist'
import { ADAPTERS_DEFAULTS, CloseTimeoutError } from '../src/index.ts'
import { data, FIN, parse, RST, SYN, windowUpdate } from './frames.ts'
import { settled } from './hand-clock.ts'
import { muxedByHand } from './pair.ts'
import { dataBytes, streamByHand } from './stream-by-hand.ts'

const WINDOW = 262_144
/** Fills a connection that has no room. Too large to be collected. */
const FILLER = Buffer.alloc(3_000, 'x')
const PIECE = ADAPTERS_DEFAULTS.maxWriteChunkBytes
const text = (chunk: Uint8Array | undefined): string | undefined => chunk === undefined ? undefined : Buffer.from(chunk).toString()
const reset = (remote: boolean) => (error: unknown): boolean => StreamResetError.is(error) && error.remote === remote

describe('StreamWriter', () => {
  it('resolves when the muxer took it under the window', async () => {
    const { hand, stream, sent, end } = await streamByHand()
    let taken = false
    const big = stream.write(Buffer.alloc(WINDOW + 10)).then(() => { taken = true })
    await settled()
    assert.equal(dataBytes(await sent()), WINDOW)
    assert.equal(taken, false)
    hand.feed(windowUpdate(1, 4_000))
    await big
    assert.equal(dataBytes(await sent()), WINDOW + 10)
    end()
  })

  it('goes on by itself whenever the window opens, without a stall or a repetition', async () => {
    const { hand, stream, sent, end } = await streamByHand()
    const bytes = randomBytes(1 << 20)
    const writing = stream.write(bytes)
    for (let open = WINDOW; open < bytes.length;) {
      await settled()
      assert.equal(dataBytes(await sent()), open)
      hand.feed(windowUpdate(1, 200_000))
      open += 200_000
    }
    await writing
    assert.deepEqual(Buffer.concat((await sent()).filter(({ type }) => type === 0).map(({ payload }) => payload)), bytes)
    end()
  })

  it('sends no frame larger than a piece, and does several writes in order', async () => {
    const { stream, sent, end } = await streamByHand(undefined, { maxWriteChunkBytes: 1_000 })
    const list: List = new Uint8ArrayList(Buffer.alloc(700, 'a'), Buffer.alloc(800, 'b'))
    await Promise.all([stream.write(Buffer.alloc(2_500, 'x')), stream.write(list), stream.write(Buffer.from('end')), stream.closeWrite()])
    const frames = (await sent()).filter(({ type }) => type === 0)
    assert(frames.every(({ length }) => length <= 1_000))
    assert.equal(Buffer.concat(frames.map(({ payload }) => payload)).toString(), `${'x'.repeat(2_500)}${'a'.repeat(700)}${'b'.repeat(800)}end`)
    assert.equal((await sent()).at(-1)?.flags, FIN)
    end()
  })

  it('keeps at most one piece in the muxer while the connection is full', async () => {
    const { hand, stream, sent, end } = await streamByHand()
    hand.room = false
    const writing = stream.write(Buffer.alloc(200_000))
    await settled()
    assert.equal(dataBytes(await sent()), PIECE)
    for (let i = 0; i < 2; i++) {
      hand.drain()
      hand.room = false
      await settled()
    }
    assert.equal(dataBytes(await sent()), 3 * PIECE)
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
    const { stream, sent, end } = await streamByHand()
    const controller = new AbortController()
    const write = stream.write(Buffer.alloc(WINDOW + 1), { signal: controller.signal })
    const later = stream.write(Buffer.from('later'))
    await settled()
    controller.abort(new Error('too slow'))
    await assert.rejects(write, /too slow/)
    await assert.rejects(later, reset(false))
    await assert.rejects(stream.read(), reset(false))
    assert.equal((await sent()).at(-1)?.flags, RST)
    end()
  })

  it('rejects a write that waits when the connection ends although both sides have said their end', async () => {
    const { hand, stream } = await streamByHand(windowUpdate(1, 0, SYN | FIN))
    const write = stream.write(Buffer.alloc(WINDOW + 1))
    const closing = stream.closeWrite()
    await settled()
    hand.finish()
    await assert.rejects(write, ConnClosedError)
    await closing
  })

  it('leaves the stream as it is when a write is aborted before', async () => {
    const { hand, stream, sent, end } = await streamByHand()
    hand.room = false
    await stream.write(FILLER)
    const controller = new AbortController()
    const write = stream.write(Buffer.from('never'), { signal: controller.signal })
    const later = stream.write(Buffer.from('later'))
    await assert.rejects(stream.write(Buffer.from('x'), { signal: AbortSignal.abort(new Error('at once')) }), /at once/)
    controller.abort(new Error('given up'))
    await assert.rejects(write, /given up/)
    hand.drain()
    await later
    assert.deepEqual((await sent()).filter(({ type }) => type === 0).map(({ payload }) => payload.toString()), [FILLER.toString(), 'later'])
    end()
  })

  it('expires writes, and resets the stream when one was half done', async () => {
    const { stream, clock, sent, end } = await streamByHand()
    stream.setWriteDeadline(clock.monotonicMs() + 50)
    const half = assert.rejects(stream.write(Buffer.alloc(WINDOW + 1)), (error: unknown) => DeadlineExceededError.is(error) && error.operation === 'write')
    const queued = assert.rejects(stream.write(Buffer.from('queued')), DeadlineExceededError)
    await settled()
    await clock.turn(50)
    await Promise.all([half, queued])
    await assert.rejects(stream.write(Buffer.from('x')), reset(false))
    assert.equal((await sent()).at(-1)?.flags, RST)
    assert.equal(clock.armed, 0)
    end()
  })

  it('expires a write that was not begun without harm', async () => {
    const { hand, stream, clock, end } = await streamByHand()
    hand.room = false
    await stream.write(FILLER)
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
    const { hand, stream, sent, end } = await streamByHand()
    const write = stream.write(Buffer.alloc(WINDOW + 5))
    const closing = stream.closeWrite()
    await assert.rejects(stream.write(Buffer.from('late')), StreamWriteClosedError)
    await settled()
    assert.notEqual((await sent()).at(-1)?.flags, FIN)
    hand.feed(windowUpdate(1, 100))
    await Promise.all([write, closing, stream.closeWrite()])
    assert.equal(dataBytes(await sent()), WINDOW + 5)
    assert.equal((await sent()).at(-1)?.flags, FIN)
    hand.feed(data(1, Buffer.from('reading goes on')))
    assert.equal(text(await stream.read()), 'reading goes on')
    end()
  })

  it('resets the stream when the end cannot be sent in time', async () => {
    const { hand, stream, clock, end } = await streamByHand(undefined, { closeTimeoutMs: 300 })
    hand.room = false
    await stream.write(FILLER)
    const closing = stream.closeWrite()
    await settled()
    await clock.turn(300)
    await closing
    await assert.rejects(stream.read(), (error: unknown) => StreamResetError.is(error) && CloseTimeoutError.is(error.cause))
    assert.equal(clock.armed, 0)
    end()
  })

  it('rejects what waits when the remote resets', async () => {
    const { hand, stream, end } = await streamByHand(data(1, Buffer.from('unread'), SYN))
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
    const { stream, sent, end } = await streamByHand()
    const before = (await sent()).length
    await stream.write(new Uint8Array())
    assert.equal((await sent()).length, before)
    end()
  })
})
