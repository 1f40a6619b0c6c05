import assert from 'node:assert/strict'
import { ManualClock } from '@weir/compliance'
import { ACK, data, FIN, parse, SYN } from './frames.ts'
import { muxedByHand } from './pair.ts'
import { settled } from './settled.ts'
import { written } from './written.ts'

describe('a yamux connection', () => {
  describe('sends together what belongs to one turn', () => {
    it('the first data goes with the SYN, the end behind it, all in one write', async () => {
      const { hand, conn } = muxedByHand({}, { isServer: false })
      const stream = await conn.openStream()
      await stream.write(Buffer.from('question'))
      await stream.closeWrite()
      await settled()
      assert.equal(hand.written.length, 1)
      assert.deepEqual(written(hand), [[0, SYN, 1, 8], [1, FIN, 1, 0]]) // js yamux drops data that shares a frame with the end
      conn.abort(new Error('done'))
    })

    it('a stream that is not written to is announced by itself', async () => {
      const { hand, conn } = muxedByHand({}, { isServer: false })
      await conn.openStream()
      await conn.openStream()
      await settled()
      assert.equal(hand.written.length, 1)
      assert.deepEqual(written(hand), [[1, SYN, 1, 0], [1, SYN, 3, 0]])
      conn.abort(new Error('done'))
    })

    it('the acknowledgement goes with the answer', async () => {
      const { hand, conn } = muxedByHand()
      hand.feed(data(1, Buffer.from('question'), SYN | FIN))
      const stream = await conn.acceptStream()
      await stream.read()
      await stream.write(Buffer.from('answer'))
      await stream.close()
      await settled()
      assert.equal(hand.written.length, 1)
      assert.deepEqual(written(hand), [[0, ACK, 1, 6], [1, FIN, 1, 0]])
      conn.abort(new Error('done'))
    })

    it('small writes of many streams, and a large one with its header', async () => {
      const { hand, conn } = muxedByHand({}, { isServer: false })
      const streams = await Promise.all(Array.from({ length: 100 }, () => conn.openStream()))
      const writing = streams.map((stream, i) => stream.write(Buffer.alloc(i === 50 ? 10_000 : 32, i)))
      await Promise.all(writing)
      await settled()
      assert.equal(hand.written.length, 1)
      const frames = parse(hand.bytes).filter(({ type }) => type === 0)
      assert.equal(frames.length, 100)
      assert(frames.every(({ streamId, payload }) => payload.every(byte => byte === (streamId - 1) / 2)))
      conn.abort(new Error('done'))
    })

    it('cuts a large write into small frames while other streams have data, each in its turn, and into larger ones when it is alone', async () => {
      const { hand, conn } = muxedByHand({ maxMessageSizeBytes: 65_519 }, { isServer: false })
      const [first, second] = [await conn.openStream(), await conn.openStream()]
      const writing = [first.write(new Uint8Array(200_000)), second.write(new Uint8Array(40_000))]
      await Promise.all(writing)
      await settled()
      const frames = written(hand).filter(([type]) => type === 0).map(([, , streamId, length]) => [streamId, length])
      const shared = 16_379 - 12
      assert.deepEqual(frames, [
        [1, shared], [3, shared], [1, shared], [3, shared], [1, shared], [3, 40_000 - 2 * shared],
        ...[41_847, 65_507, 43_545].map(length => [1, length]) // what the first write has room for, a whole one, and the rest
      ])
      conn.abort(new Error('done'))
    })

    it('a message is no larger than the room that its write has left', async () => {
      const { hand, conn } = muxedByHand({}, { isServer: false })
      const stream = await conn.openStream()
      hand.room = false
      const writing = stream.write(new Uint8Array(262_144))
      await settled()
      hand.drain()
      await writing
      const lengths = written(hand).filter(([type]) => type === 0).map(([, , , length = 0]) => length)
      assert(Math.max(...lengths) > 65_507 && Math.max(...lengths) <= 131_020, `${lengths}`)
      assert.equal(lengths.reduce((sum, length) => sum + length, 0), 262_144)
      conn.abort(new Error('done'))
    })

    it('a stream that was reset before the remote knew of it is not mentioned', async () => {
      const { hand, conn } = muxedByHand({}, { isServer: false })
      const stream = await conn.openStream()
      stream.reset()
      await settled()
      assert.deepEqual(written(hand), [])
      conn.abort(new Error('done'))
    })
  })

  it('measures the round trip with the first frames, and again after a while', async () => {
    const clock = new ManualClock()
    const { hand, conn } = muxedByHand({ clock, enableKeepAlive: false }, { isServer: false })
    const pings = (): number => parse(hand.bytes).filter(({ type }) => type === 2).length
    await settled()
    assert.equal(pings(), 0, 'an idle connection sends nothing')
    const stream = await conn.openStream()
    await settled()
    assert.equal(pings(), 1)
    await clock.advanceAsync(29_999)
    await stream.write(Buffer.from('x'))
    await settled()
    assert.equal(pings(), 1)
    await clock.advanceAsync(1)
    await stream.write(Buffer.from('x'))
    await settled()
    assert.equal(pings(), 2)
    conn.abort(new Error('done'))
  })
})
