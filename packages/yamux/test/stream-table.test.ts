import assert from 'node:assert/strict'
import { RemoteNotReadingError } from '@weir/adapters'
import { CountingPeerScope } from '@weir/compliance'
import { ConnClosedError, ResourceLimitExceededError, StreamErrorCode } from '@weir/network'
import { ACK, data, FIN, RST, SYN, windowUpdate } from './frames.ts'
import { muxedByHand, muxedPair, readAll } from './pair.ts'
import { settled } from './settled.ts'
import { resets, written } from './written.ts'

describe('a yamux connection', () => {
  describe('streams of the remote', () => {
    it('that nobody accepts are reset beyond a number, and make room when they go', async () => {
      const scope = new CountingPeerScope()
      const { hand, conn } = muxedByHand({ acceptBacklog: 2 }, { scope })
      hand.feed(Buffer.concat([1, 3, 5, 7].map(id => windowUpdate(id, 0, SYN))))
      await settled()
      assert.deepEqual(written(hand), [[1, RST, 5, StreamErrorCode.resourceLimitExceeded], [1, RST, 7, StreamErrorCode.resourceLimitExceeded]])
      assert.equal(scope.bytes, 2 * 262_144)
      hand.feed(Buffer.concat([windowUpdate(1, 0, RST), windowUpdate(9, 0, SYN), windowUpdate(11, 0, SYN)]))
      await settled()
      assert.deepEqual(resets(written(hand)), [11])
      hand.feed(Buffer.concat([data(3, Buffer.from('third')), data(9, Buffer.from('ninth'))]))
      for (const word of ['third', 'ninth']) assert.equal(Buffer.from(await (await conn.acceptStream()).read() ?? []).toString(), word)
      conn.abort(new Error('done'))
    })

    it('are no more than were allowed, accepted or not', async () => {
      const { hand, conn } = muxedByHand({ maxIncomingStreams: 2 })
      hand.feed(Buffer.concat([1, 3, 5].map(id => windowUpdate(id, 0, SYN))))
      const first = await conn.acceptStream()
      await conn.acceptStream()
      await settled()
      assert.deepEqual(resets(written(hand)), [5])
      first.reset()
      hand.feed(windowUpdate(7, 0, SYN))
      await conn.acceptStream()
      await settled()
      assert.deepEqual(resets(written(hand)), [1])
      conn.abort(new Error('done'))
    })

    it('are reset alone when there is no memory', async () => {
      const scope = new CountingPeerScope({ limitBytes: 300_000 })
      const { hand, conn } = muxedByHand({}, { scope })
      hand.feed(Buffer.concat([windowUpdate(1, 0, SYN), data(3, Buffer.from('dropped'), SYN), data(1, Buffer.from('kept'))]))
      const stream = await conn.acceptStream()
      assert.equal(Buffer.from(await stream.read() ?? []).toString(), 'kept')
      await settled()
      assert.deepEqual(written(hand).filter(([, flags = 0]) => (flags & RST) !== 0), [[1, RST, 3, StreamErrorCode.resourceLimitExceeded]])
      await assert.rejects(conn.openStream(), ResourceLimitExceededError.is)
      assert.equal(conn.isClosed(), false)
      conn.abort(new Error('done'))
    })

    it('in a flood leave nothing behind, and end a connection that does not read', async () => {
      const scope = new CountingPeerScope()
      const { hand, conn } = muxedByHand({}, { scope })
      const flood = (from: number, count: number): Buffer => Buffer.concat(Array.from({ length: count }, (_, i) => windowUpdate(from + 2 * i, 0, SYN)))
      hand.feed(flood(1, 10_000))
      await settled()
      assert.equal(conn.isClosed(), false)
      assert.equal(scope.bytes, 256 * 262_144)
      hand.room = false
      hand.feed(flood(20_001, 300))
      await settled()
      hand.feed(flood(30_001, 5_000))
      await settled()
      assert.equal(conn.isClosed(), true)
      assert(RemoteNotReadingError.is(hand.aborted))
      assert.deepEqual([scope.bytes, scope.spans], [0, 0])
    })
  })

  describe('streams that the remote does not acknowledge', () => {
    it('are no more than the backlog: who opens more waits', async () => {
      const { hand, conn } = muxedByHand({ acceptBacklog: 3 }, { isServer: false })
      for (let i = 0; i < 3; i++) await conn.openStream()
      let opened = 0
      const waiting = [conn.openStream(), conn.openStream()].map(each => each.then(() => { opened++ }))
      await settled()
      assert.equal(opened, 0)
      hand.feed(windowUpdate(1, 0, ACK))
      await settled()
      assert.equal(opened, 1)
      hand.feed(Buffer.concat([windowUpdate(1, 0, ACK), data(3, Buffer.from('x'), ACK)]))
      await Promise.all(waiting)
      conn.abort(new Error('done'))
    })

    it('give their place back when the remote ends them, or they are reset here', async () => {
      const { hand, conn } = muxedByHand({ acceptBacklog: 1 }, { isServer: false })
      await conn.openStream()
      for (const end of [windowUpdate(1, 0, RST), windowUpdate(3, 0, FIN)]) {
        const next = conn.openStream()
        await settled()
        hand.feed(end)
        await next
        await settled()
      }
      const last = await Promise.race([conn.openStream({ signal: AbortSignal.timeout(1) }).catch(() => 'no place'), settled().then(() => 'no place')])
      assert.equal(last, 'no place', 'the third is not acknowledged')
      conn.abort(new Error('done'))
    })

    it('keep their place when they are closed here at once: a remote that accepts nothing gets no flood', async () => {
      const { hand, conn } = muxedByHand({ acceptBacklog: 2 }, { isServer: false })
      for (let i = 0; i < 2; i++) {
        const stream = await conn.openStream()
        await stream.write(Buffer.from('one way'))
        await stream.close()
      }
      const third = conn.openStream()
      assert.equal(await Promise.race([third.then(() => 'opened'), settled().then(() => 'waits')]), 'waits')
      hand.feed(windowUpdate(3, 0, ACK))
      await third
      conn.abort(new Error('done'))
    })

    it('let those go who give up waiting, and all when the connection ends', async () => {
      const { conn } = muxedByHand({ acceptBacklog: 1 }, { isServer: false })
      await conn.openStream()
      const controller = new AbortController()
      const givenUp = assert.rejects(conn.openStream({ signal: controller.signal }), /enough/)
      const waiting = assert.rejects(conn.openStream(), ConnClosedError.is)
      controller.abort(new Error('enough'))
      await givenUp
      conn.abort(new Error('done'))
      await waiting
    })

    it('hold up 1,000 openers whose remote accepts slowly, and reset none', async () => {
      const { client, server, end } = muxedPair({ init: { acceptBacklog: 16 } })
      const accepting = (async () => {
        for (let i = 0; i < 1_000; i++) {
          const stream = await server.acceptStream()
          if (i % 10 === 0) await settled()
          await stream.write(Buffer.from('x'))
          await stream.close()
        }
      })()
      await Promise.all(Array.from({ length: 1_000 }, async () => {
        const stream = await client.openStream()
        assert.equal((await readAll(stream)).toString(), 'x')
        await stream.close()
      }))
      await accepting
      end()
    })
  })
})
