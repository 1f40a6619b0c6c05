import assert from 'node:assert/strict'
import { ManualClock } from '@weir/compliance'
import { DeadlineExceededError, type MuxedStream, StreamResetError } from '@weir/network'
import { Uint8ArrayList } from 'uint8arraylist'
import { parse, RST, SYN, windowUpdate } from './frames.ts'
import type { HandConn } from './hand-conn.ts'
import { muxedByHand } from './pair.ts'
import { settled } from './settled.ts'
import { written } from './written.ts'

const WINDOW = 262_144

/** A stream whose remote takes nothing more. */
async function full (clock: ManualClock = new ManualClock()): Promise<{ stream: MuxedStream, hand: HandConn, end (): void }> {
  const { hand, conn } = muxedByHand({ clock })
  hand.feed(windowUpdate(1, 0, SYN))
  const stream = await conn.acceptStream()
  await stream.write(new Uint8Array(WINDOW))
  await settled()
  written(hand)
  return { stream, hand, end: () => { conn.abort(new Error('done')) } }
}

const data = (hand: HandConn): string => parse(Buffer.concat(hand.written.splice(0))).map(({ payload }) => payload.toString()).join('')

describe('writing to a yamux stream', () => {
  it('keeps the order of the calls', async () => {
    const { stream, hand, end } = await full()
    const writing = ['one ', 'two ', 'three'].map(word => stream.write(Buffer.from(word)))
    hand.feed(windowUpdate(1, 6))
    await settled()
    assert.equal(data(hand), 'one tw')
    hand.feed(windowUpdate(1, 100))
    await Promise.all(writing)
    await settled()
    assert.equal(data(hand), 'o three')
    end()
  })

  it('takes out a write that is given up before its turn, and the others go on', async () => {
    const { stream, hand, end } = await full()
    const controllers = [new AbortController(), new AbortController()]
    const signals = controllers.map(({ signal }) => signal)
    const first = assert.rejects(stream.write(Buffer.from('one '), { signal: signals[0] }), /not this/)
    const second = stream.write(Buffer.from('two '))
    const third = assert.rejects(stream.write(Buffer.from('three '), { signal: signals[1] }), /not this/)
    const fourth = stream.write(Buffer.from('four'))
    for (const controller of controllers) controller.abort(new Error('not this'))
    await Promise.all([first, third])
    hand.feed(windowUpdate(1, 100))
    await Promise.all([second, fourth])
    await settled()
    assert.equal(data(hand), 'two four')
    end()
  })

  it('resets when one is given up in the middle, and those behind it fail', async () => {
    const { stream, hand, end } = await full()
    const controller = new AbortController()
    const reason = new Error('enough')
    const half = assert.rejects(stream.write(Buffer.from('half'), { signal: controller.signal }), error => error === reason)
    const behind = assert.rejects(stream.write(Buffer.from('behind')), error => StreamResetError.is(error) && !error.remote && error.cause === reason)
    hand.feed(windowUpdate(1, 2))
    await settled()
    written(hand)
    controller.abort(reason)
    await Promise.all([half, behind])
    await settled()
    assert.deepEqual(written(hand), [[1, RST, 1, 0]])
    end()
  })

  it('resets for a reason that is no error, too', async () => {
    const { stream, hand, end } = await full()
    const controller = new AbortController()
    const half = stream.write(Buffer.from('half'), { signal: controller.signal }).catch((error: unknown) => error)
    hand.feed(windowUpdate(1, 2))
    await settled()
    controller.abort('enough')
    assert.equal(await half, 'enough')
    await assert.rejects(stream.write(Buffer.from('x')), error => StreamResetError.is(error) && (error.cause as Error).cause === 'enough')
    end()
  })

  it('expires all that wait, and resets only when the first had begun', async () => {
    for (const begun of [false, true]) {
      const clock = new ManualClock()
      const { stream, hand, end } = await full(clock)
      stream.setWriteDeadline(clock.monotonicMs() + 50)
      const expired = ['one', 'two'].map(word => assert.rejects(stream.write(Buffer.from(word)), DeadlineExceededError.is))
      if (begun) hand.feed(windowUpdate(1, 1))
      await settled()
      written(hand)
      await clock.advanceAsync(50)
      await Promise.all(expired)
      await settled()
      assert.deepEqual(written(hand), begun ? [[1, RST, 1, 0]] : [])
      end()
    }
  })

  it('ends behind all that was taken, and not before', async () => {
    const { stream, hand, end } = await full()
    const writing = stream.write(Buffer.from('the rest'))
    const closing = Promise.all([stream.closeWrite(), stream.closeWrite()])
    await assert.rejects(stream.write(Buffer.from('x')), { code: 'STREAM_WRITE_CLOSED' })
    await settled()
    assert.deepEqual(written(hand), [])
    hand.feed(windowUpdate(1, 100))
    await Promise.all([writing, closing])
    await settled()
    assert.deepEqual(written(hand), [[0, 0, 1, 8], [1, 4, 1, 0]])
    end()
  })

  it('ends behind a last write that was given up before its turn', async () => {
    const { stream, hand, end } = await full()
    const controller = new AbortController()
    const writing = assert.rejects(stream.write(Buffer.from('never'), { signal: controller.signal }))
    const closing = stream.closeWrite()
    controller.abort()
    await Promise.all([writing, closing])
    await settled()
    assert.deepEqual(written(hand), [[1, 4, 1, 0]])
    end()
  })

  it('takes lists as they are, small and large', async () => {
    const { hand, conn } = muxedByHand()
    hand.feed(windowUpdate(1, 1_000_000, SYN))
    const stream = await conn.acceptStream()
    await stream.write(new Uint8ArrayList(Buffer.from('a'), Buffer.from('bc')))
    await stream.write(new Uint8ArrayList(Buffer.alloc(50_000, 'd'), Buffer.alloc(50_000, 'e')))
    await settled()
    assert.equal(data(hand), `abc${'d'.repeat(50_000)}${'e'.repeat(50_000)}`)
    conn.abort(new Error('done'))
  })

  it('lets a small buffer be used again at once', async () => {
    const { hand, conn } = muxedByHand()
    hand.feed(windowUpdate(1, 0, SYN))
    const stream = await conn.acceptStream()
    const buffer = Buffer.from('first')
    await stream.write(buffer)
    buffer.fill('x')
    await settled()
    assert.equal(data(hand), 'first')
    conn.abort(new Error('done'))
  })
})
