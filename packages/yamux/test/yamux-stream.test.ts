import assert from 'node:assert/strict'
import { CountingPeerScope, ManualClock } from '@weir/compliance'
import { ConnClosedError, ResourceLimitExceededError } from '@weir/network'
import { ACK, data, FIN, parse, ping, RST, SYN, windowUpdate } from './frames.ts'
import { muxedByHand, readAll } from './pair.ts'
import { settled } from './settled.ts'
import { written } from './written.ts'

const WINDOW = 262_144

describe('a yamux stream', () => {
  it('gives its memory back when it was read to its end, though writing goes on', async () => {
    const scope = new CountingPeerScope()
    const { hand, conn } = muxedByHand({}, { scope })
    hand.feed(data(1, Buffer.from('all'), SYN | FIN))
    const stream = await conn.acceptStream()
    assert.equal(scope.bytes, WINDOW)
    await stream.read()
    assert.equal(scope.bytes, 0)
    await stream.write(Buffer.from('still here'))
    await stream.close()
    conn.abort(new Error('done'))
  })

  it('that both ended holds memory until it is read, or reset, or closed', async () => {
    for (const how of ['reset', 'close', 'abort', 'read'] as const) {
      const scope = new CountingPeerScope()
      const { hand, conn } = muxedByHand({}, { scope })
      hand.feed(data(1, Buffer.from('unread'), SYN | FIN))
      const stream = await conn.acceptStream()
      await stream.closeWrite()
      await settled()
      assert.equal(scope.bytes, WINDOW)
      if (how === 'abort') stream.abort(new Error('enough'))
      else if (how === 'reset') stream.reset()
      else if (how === 'close') await stream.close()
      else assert.equal((await readAll(stream)).toString(), 'unread')
      assert.equal(scope.bytes, 0, how)
      await settled()
      assert.deepEqual(written(hand), [[1, ACK | FIN, 1, 0]], 'there is nothing left to reset')
      conn.abort(new Error('done'))
    }
  })

  it('that both ended stays readable behind the end of the connection, whoever aborts it then', async () => {
    const { hand, conn } = muxedByHand()
    hand.feed(data(1, Buffer.from('unread'), SYN | FIN))
    const stream = await conn.acceptStream()
    await stream.closeWrite()
    await settled()
    conn.abort(new Error('over'))
    stream.abort(new ConnClosedError({ remote: false }))
    assert.equal((await readAll(stream)).toString(), 'unread')
  })

  it('that the remote has ended stays readable behind its reset', async () => {
    const { hand, conn } = muxedByHand()
    hand.feed(data(3, Buffer.from('torn'), SYN))
    const torn = await conn.acceptStream()
    hand.feed(windowUpdate(3, 0, RST))
    await settled()
    await assert.rejects(readAll(torn), { code: 'STREAM_RESET' })
    hand.feed(data(5, Buffer.from('whole'), SYN | FIN))
    const whole = await conn.acceptStream()
    hand.feed(windowUpdate(5, 0, RST))
    await settled()
    assert.equal((await readAll(whole)).toString(), 'whole')
    await assert.rejects(whole.write(Buffer.from('x')), { code: 'STREAM_RESET' })
    conn.abort(new Error('done'))
  })

  it('is announced by its first data when that is large, too', async () => {
    const { hand, conn } = muxedByHand({}, { isServer: false })
    const stream = await conn.openStream()
    await stream.write(new Uint8Array(5_000))
    await settled()
    assert.deepEqual(written(hand), [[0, SYN, 1, 5_000]])
    conn.abort(new Error('done'))
  })

  it('makes room for the next when it is reset before the remote has acknowledged it', async () => {
    const { conn } = muxedByHand({ acceptBacklog: 1 }, { isServer: false })
    for (let i = 0; i < 3; i++) {
      const stream = await conn.openStream()
      await settled()
      stream.reset()
    }
    conn.abort(new Error('done'))
  })

  it('that is refused memory takes no place in the backlog', async () => {
    const { conn } = muxedByHand({ acceptBacklog: 1 }, { isServer: false, scope: new CountingPeerScope({ failAt: 2 }) })
    await assert.rejects(conn.openStream(), ResourceLimitExceededError.is)
    await conn.openStream()
    conn.abort(new Error('done'))
  })

  it('that was closed between two pieces of the last frame is forgotten with that', async () => {
    const { hand, conn } = muxedByHand()
    const last = data(1, Buffer.from('last'), SYN | FIN)
    hand.feed(last.subarray(0, 14))
    await (await conn.acceptStream()).close()
    await settled()
    hand.feed(last.subarray(14))
    hand.feed(data(1, Buffer.from('the number is free'), SYN | FIN))
    assert.equal((await readAll(await conn.acceptStream())).toString(), 'the number is free')
    conn.abort(new Error('done'))
  })

  it('is granted nothing when reading ends in the turn in which a grant was due', async () => {
    for (const end of ['closeRead', 'fin'] as const) {
      const { hand, conn } = muxedByHand()
      hand.feed(data(1, Buffer.alloc(200_000), SYN))
      const stream = await conn.acceptStream()
      await settled()
      written(hand)
      await stream.read()
      if (end === 'closeRead') await stream.closeRead()
      else hand.feed(windowUpdate(1, 0, FIN))
      await settled()
      assert.deepEqual(written(hand), [], end)
      conn.abort(new Error('done'))
    }
  })

  it('begins with the window that was asked for, however fast the remote is', async () => {
    const clock = new ManualClock()
    const { hand, conn } = muxedByHand({ initialStreamWindowSizeBytes: 2 * WINDOW, clock }, { isServer: false })
    await conn.openStream()
    await settled()
    const asked = parse(hand.bytes).find(({ type }) => type === 2)
    assert(asked !== undefined)
    await clock.advanceAsync(5)
    hand.feed(ping(asked.length, ACK))
    await settled()
    written(hand)
    await conn.openStream()
    await settled()
    assert.deepEqual(written(hand), [[1, SYN, 3, WINDOW]])
    conn.abort(new Error('done'))
  })

  it('is reset by `await using` when it cannot be closed in time', async () => {
    const clock = new ManualClock()
    const { hand, conn } = muxedByHand({ clock, closeTimeoutMs: 700, enableKeepAlive: false })
    hand.feed(windowUpdate(1, 0, SYN))
    const stream = await conn.acceptStream()
    const writing = assert.rejects(stream.write(new Uint8Array(WINDOW + 1)))
    await settled()
    written(hand)
    const disposing = stream[Symbol.asyncDispose]()
    await clock.advanceAsync(699)
    assert.deepEqual(written(hand), [])
    await clock.advanceAsync(1)
    await Promise.all([writing, disposing])
    await settled()
    assert.deepEqual(written(hand), [[1, RST, 1, 0]])
    conn.abort(new Error('done'))
    assert.equal(clock.pendingTimers, 0)
  })
})
