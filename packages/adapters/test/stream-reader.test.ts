import assert from 'node:assert/strict'
import { yamux } from '@libp2p/yamux'
import { ConnClosedError, DeadlineExceededError, type MuxedStream, StreamReadClosedError, StreamReadPendingError } from '@weir/network'
import { fromStream, nullLogger, toMessageStream } from '../src/index.ts'
import { ACK, data, FIN, SYN, windowUpdate } from './frames.ts'
import { HandClock, settled } from './hand-clock.ts'
import { HandConn } from './hand-conn.ts'
import { muxedPair, QUIET, readAll } from './pair.ts'
import { granted, streamByHand } from './stream-by-hand.ts'

const WINDOW = 262_144
const text = (chunk: Uint8Array | undefined): string | undefined => chunk === undefined ? undefined : Buffer.from(chunk).toString()

/** Waits until a number has not changed for a while: the pair of connections below has timers of its own. */
async function still (read: () => number): Promise<void> {
  for (let quiet = 0, last = -1; quiet < 5; quiet = last === read() ? quiet + 1 : 0) {
    last = read()
    await new Promise(resolve => { setTimeout(resolve, 10) })
  }
}

describe('StreamReader', () => {
  it('pulls, one read at a time', async () => {
    const { hand, stream, end } = await streamByHand()
    const first = stream.read()
    await assert.rejects(stream.read(), StreamReadPendingError)
    hand.feed(data(1, Buffer.from('one')))
    assert.equal(text(await first), 'one')
    end()
  })

  it('ends with undefined, again and again', async () => {
    const { stream, end } = await streamByHand(data(1, Buffer.from('all'), SYN | FIN))
    assert.equal(text(await stream.read()), 'all')
    assert.equal(await stream.read(), undefined)
    assert.equal(await stream.read(), undefined)
    end()
  })

  it('loses nothing when a read is aborted', async () => {
    const { hand, stream, end } = await streamByHand()
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
    const { hand, stream, clock, end } = await streamByHand()
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
    const { stream, clock, end } = await streamByHand()
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

  it('stops a sender that has grown its window, too, and goes on', async () => {
    const maxStreamWindowBytes = 1 << 20
    const { stream, end } = muxedPair({ maxStreamWindowBytes })
    const { out, into } = await stream()
    let written = 0
    const writing = (async () => {
      while (true) {
        await out.write(new Uint8Array(65_536))
        written += 65_536
      }
    })().catch(() => {})
    let read = 0
    const readOn = async (bytes: number): Promise<void> => { while (read < bytes) read += (await into.read())?.byteLength ?? 0 }
    await readOn(8 << 20) // fast, so that js yamux grows the window
    await still(() => written)
    assert(written - read < maxStreamWindowBytes + 4 * 65_536, `${written - read} bytes are held`)
    await readOn(written + 1_000_000)
    end()
    await writing
  })

  it('acknowledges a stream even when its first bytes fill the buffer', async () => {
    const { sent, stream, hand, end } = await streamByHand(data(1, Buffer.alloc(200_000), SYN))
    assert.equal((await sent()).filter(({ flags }) => (flags & ACK) !== 0).length, 1)
    hand.feed(data(1, Buffer.alloc(1_000)))
    await settled()
    const before = granted(await sent())
    hand.feed(data(1, Buffer.alloc(140_000)))
    await settled()
    assert.equal(granted(await sent()), before, 'no window is granted while nobody reads')
    let read = 0
    while (read < 341_000) read += (await stream.read())?.byteLength ?? 0
    await settled()
    assert.equal(granted(await sent()), 341_000)
    end()
  })

  it('does not let a pause be undone by the resume it happens in', async () => {
    const { hand, stream, sent, end } = await streamByHand(data(1, Buffer.alloc(70_000), SYN))
    hand.feed(Buffer.concat([data(1, Buffer.alloc(70_000)), data(1, Buffer.alloc(70_000))]))
    await settled()
    for (let read = 0; read < 70_000;) read += (await stream.read())?.byteLength ?? 0
    await stream.read() // resumes, and gets more at once than there is room for
    const before = granted(await sent())
    hand.feed(data(1, Buffer.alloc(10_000)))
    await settled()
    assert.equal(granted(await sent()), before, 'no window is granted to a stream that is paused again')
    end()
  })

  it('gives the bytes that a muxer without guard delivers behind the end', async () => {
    const hand = new HandConn()
    const muxer = yamux(QUIET)().createStreamMuxer(toMessageStream(hand, { direction: 'inbound', log: nullLogger }))
    const opened = new Promise<MuxedStream>(resolve => { muxer.addEventListener('stream', ({ detail }) => { resolve(fromStream(detail, { clock: new HandClock() })) }) })
    hand.feed(windowUpdate(1, 0, SYN))
    const stream = await opened
    const reading = readAll(stream)
    await settled()
    hand.feed(data(1, Buffer.from('all at once'), FIN))
    assert.equal((await reading).toString(), 'all at once')
    muxer.abort(new Error('done'))
  })

  it('rejects what waits and what follows once reading is closed, and lets the sender go on', async () => {
    const { hand, stream, sent, end } = await streamByHand(data(1, Buffer.alloc(100_000), SYN))
    hand.feed(data(1, Buffer.alloc(WINDOW - 100_000)))
    await settled()
    await stream.closeRead()
    await assert.rejects(stream.read(), StreamReadClosedError)
    await settled()
    assert.equal(granted(await sent()), WINDOW, 'all that was sent is granted again')
    hand.feed(data(1, Buffer.alloc(WINDOW)))
    await settled()
    assert.equal(granted(await sent()), 2 * WINDOW)
    await stream.write(Buffer.from('still writing'))
    end()

    const waiting = await streamByHand()
    const read = waiting.stream.read()
    await waiting.stream.closeRead()
    await assert.rejects(read, StreamReadClosedError)
    waiting.end()
  })

  it('gives what came before the connection ended, then says that it was cut short', async () => {
    const { hand, stream } = await streamByHand(data(1, Buffer.from('half of it'), SYN))
    hand.finish()
    await settled()
    assert.equal(text(await stream.read()), 'half of it')
    await assert.rejects(stream.read(), ConnClosedError)
  })

  it('gives all of a stream that was whole before the connection ended', async () => {
    const { hand, stream } = await streamByHand(Buffer.concat([data(1, Buffer.alloc(WINDOW), SYN), windowUpdate(1, 0, FIN)]))
    hand.finish()
    await settled()
    assert.equal((await readAll(stream)).length, WINDOW)
  })
})
