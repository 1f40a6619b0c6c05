import assert from 'node:assert/strict'
import { CountingPeerScope } from '@weir/compliance'
import { ACK, data, FIN, RST, SYN, windowUpdate } from './frames.ts'
import { muxedByHand, muxedPair, readAll } from './pair.ts'
import { settled } from './settled.ts'
import { written } from './written.ts'

describe('the windows of a yamux connection', () => {
  describe('windows', () => {
    it('are granted for what was read, half a window at a time', async () => {
      const { hand, conn } = muxedByHand()
      hand.feed(data(1, Buffer.alloc(100_000), SYN))
      const stream = await conn.acceptStream()
      await stream.read()
      await settled()
      assert.deepEqual(written(hand), [[1, ACK, 1, 0]])
      hand.feed(data(1, Buffer.alloc(100_000)))
      await settled()
      assert.deepEqual(written(hand), [], 'nobody has read it')
      await stream.read()
      await settled()
      assert.deepEqual(written(hand), [[1, 0, 1, 200_000]])
      conn.abort(new Error('done'))
    })

    for (const { streams, atOnce } of [{ streams: 7, atOnce: 0 }, { streams: 8, atOnce: 1 }]) {
      it(`of ${streams} streams are granted in one write, ${atOnce === 1 ? 'at once' : 'when nothing more comes'}`, async () => {
        const { hand, conn } = muxedByHand()
        const ids = Array.from({ length: streams }, (_, i) => 2 * i + 1)
        for (const id of ids) hand.feed(windowUpdate(id, 0, SYN))
        const accepted = await Promise.all(ids.map(() => conn.acceptStream()))
        await settled()
        hand.written.length = 0
        for (const [i, stream] of accepted.entries()) {
          hand.feed(data(ids[i] as number, Buffer.alloc(131_072)))
          await stream.read()
          // The turn ends, and nothing else is looked for yet.
          for (let tick = 0; tick < 3; tick++) await new Promise<void>(resolve => { process.nextTick(resolve) })
        }
        assert.equal(hand.written.length, atOnce)
        await settled()
        assert.equal(hand.written.length, 1)
        assert.deepEqual(written(hand), ids.map(id => [1, 0, id, 131_072]))
        conn.abort(new Error('done'))
      })
    }

    it('hold views of what came for who reads at once, and cost no more than themselves from the next turn on', async () => {
      const { hand, conn } = muxedByHand()
      hand.feed(windowUpdate(1, 0, SYN))
      const stream = await conn.acceptStream()
      const fed = new Uint8Array(65_536)
      for (const i of [0, 1, 2, 3]) fed.set(data(1, Buffer.alloc(16_372, i)), i * 16_384)
      const first = stream.read()
      hand.feed(fed)
      assert.equal((await first)?.buffer, fed.buffer)
      assert.equal((await stream.read())?.buffer, fed.buffer)
      await settled()
      for (const i of [2, 3]) {
        const bytes = await stream.read()
        assert.deepEqual([bytes?.byteLength, bytes?.buffer.byteLength, bytes?.[0]], [16_372, 16_372, i])
      }
      conn.abort(new Error('done'))
    })

    it('grow as far as the peer has memory, which is given back', async () => {
      const scopes = [new CountingPeerScope(), new CountingPeerScope({ limitBytes: 4 << 20 })] as const
      const { stream, client, server } = muxedPair({ scopes })
      const { out, into } = await stream()
      const reading = readAll(into)
      await out.write(new Uint8Array(20 << 20))
      await out.closeWrite()
      assert.equal((await reading).length, 20 << 20)
      assert(scopes[1].mostBytes > 262_144, 'it grew')
      assert(scopes[1].mostBytes <= 4 << 20)
      assert.equal(scopes[1].bytes, 0)
      await Promise.all([out.close(), into.close()])
      await Promise.all([client.close(), server.close()])
      assert.deepEqual(scopes.map(({ bytes }) => bytes), [0, 0])
    })

    it('begin larger when that was asked for, with the first window update', async () => {
      const scope = new CountingPeerScope()
      const { hand, conn } = muxedByHand({ initialStreamWindowSizeBytes: 1 << 20 }, { isServer: false, scope })
      await conn.openStream()
      await settled()
      assert.deepEqual(written(hand), [[1, SYN, 1, (1 << 20) - 262_144]])
      assert.equal(scope.bytes, 1 << 20)
      conn.abort(new Error('done'))
      assert.equal(scope.bytes, 0)
    })

    it('begin as they are when the peer has no memory for more', async () => {
      const scope = new CountingPeerScope({ limitBytes: 300_000 })
      const { hand, conn } = muxedByHand({ initialStreamWindowSizeBytes: 1 << 20 }, { isServer: false, scope })
      await conn.openStream()
      await settled()
      assert.deepEqual(written(hand), [[1, SYN, 1, 0]])
      conn.abort(new Error('done'))
    })

    it('of the remote hold a writer, who goes on when he is granted more', async () => {
      const { hand, conn } = muxedByHand()
      hand.feed(windowUpdate(1, 0, SYN))
      const stream = await conn.acceptStream()
      const writing = stream.write(Buffer.alloc(262_144 + 10))
      await settled()
      assert.equal(written(hand).filter(([type]) => type === 0).reduce((sum, [, , , length = 0]) => sum + length, 0), 262_144)
      hand.feed(windowUpdate(1, 4))
      await settled()
      assert.deepEqual(written(hand), [[0, 0, 1, 4]])
      hand.feed(windowUpdate(1, 100))
      await writing
      await settled()
      assert.deepEqual(written(hand), [[0, 0, 1, 6]])
      conn.abort(new Error('done'))
    })

    it('are not granted when nobody reads any more', async () => {
      const { hand, conn } = muxedByHand()
      hand.feed(data(1, Buffer.alloc(200_000), SYN))
      const stream = await conn.acceptStream()
      await stream.closeRead()
      hand.feed(data(1, Buffer.alloc(62_144)))
      await settled()
      assert.deepEqual(written(hand), [[1, ACK, 1, 0]])
      await stream.write(Buffer.from('writing goes on'))
      await settled()
      assert.deepEqual(written(hand), [[0, 0, 1, 15]])
      await stream.close()
      await settled()
      assert.deepEqual(written(hand), [[1, FIN, 1, 0], [1, RST, 1, 0]], 'its window is used up: the remote would wait for ever')
      conn.abort(new Error('done'))
    })
  })
})
