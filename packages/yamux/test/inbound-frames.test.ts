import assert from 'node:assert/strict'
import { YamuxFrameError, type YamuxFault } from '@weir/adapters'
import { CountingPeerScope } from '@weir/compliance'
import { ConnClosedError, ResourceLimitExceededError, StreamErrorCode, StreamResetError } from '@weir/network'
import { ACK, data, FIN, frame, goAway, parse, ping, RST, SYN, windowUpdate } from './frames.ts'
import { muxedByHand, readAll } from './pair.ts'
import { settled } from './settled.ts'

const resets = (bytes: Buffer): [number, number][] => parse(bytes).filter(({ flags }) => (flags & RST) !== 0).map(({ streamId, length }) => [streamId, length])

describe('frames of the remote', () => {
  // The far end speaks by hand: it dialled, so its streams are odd and ours even.
  const violations: [string, YamuxFault, Buffer[]][] = [
    ['another version', 'version', [frame({ version: 1, type: 0, streamId: 1 })]],
    ['an unknown type', 'type', [frame({ type: 4, streamId: 1 })]],
    ['an unknown flag', 'flags', [frame({ type: 1, flags: 16, streamId: 1 })]],
    ['data on stream 0', 'stream-id', [data(0, Buffer.from('x'))]],
    ['a window update on stream 0', 'stream-id', [windowUpdate(0, 1)]],
    ['a ping on a stream', 'stream-id', [frame({ type: 2, flags: SYN, streamId: 1 })]],
    ['a goodbye on a stream', 'stream-id', [frame({ type: 3, streamId: 1 })]],
    ['a ping without direction', 'flags', [ping(1, 0)]],
    ['a ping that is question and answer', 'flags', [ping(1, SYN | ACK)]],
    ['a stream with one of our numbers', 'parity', [windowUpdate(2, 0, SYN)]],
    ['a stream that is there already', 'duplicate-stream', [windowUpdate(1, 0, SYN), windowUpdate(1, 0, SYN)]],
    ['a first frame beyond the window', 'window-exceeded', [frame({ type: 0, flags: SYN, streamId: 1, length: 262_145 })]],
    ['a frame of 4 GiB', 'window-exceeded', [windowUpdate(1, 0, SYN), frame({ type: 0, streamId: 1, length: 2 ** 32 - 1 })]],
    ['a second frame beyond what is left', 'window-exceeded', [data(1, Buffer.alloc(262_000), SYN), frame({ type: 0, streamId: 1, length: 145 })]],
    ['data behind the end', 'window-exceeded', [windowUpdate(1, 0, SYN | FIN), data(1, Buffer.from('x'))]],
    ['a reset of 4 GiB', 'window-exceeded', [windowUpdate(1, 0, SYN), frame({ type: 0, flags: RST, streamId: 1, length: 2 ** 32 - 1 })]],
    ['credit that overflows', 'window-overflow', [windowUpdate(1, 2 ** 32 - 1, SYN)]],
    ['credit that overflows little by little', 'window-overflow', [windowUpdate(1, 0, SYN), windowUpdate(1, 2 ** 31), windowUpdate(1, 2 ** 31)]],
    ['data of a stream that it never opened', 'unknown-stream', [data(1, Buffer.from('x'))]],
    ['credit for a stream that it never opened', 'unknown-stream', [windowUpdate(5, 1)]],
    ['an end of a stream that we never opened', 'unknown-stream', [windowUpdate(2, 0, FIN)]],
    ['too much data of a stream that has ended', 'window-exceeded', [windowUpdate(1, 0, SYN | RST), frame({ type: 0, streamId: 1, length: (16 << 20) + 1 })]]
  ]
  for (const [what, fault, frames] of violations) {
    it(`end the connection: ${what}`, async () => {
      const scope = new CountingPeerScope()
      const { hand, conn } = muxedByHand({}, { scope })
      const accepting: Promise<unknown>[] = []
      for (let i = 0; i < 3; i++) accepting.push(conn.acceptStream().catch((error: unknown) => error))
      hand.feed(Buffer.concat(frames))
      await settled()
      const error = (await Promise.all(accepting)).at(-1)
      assert(ConnClosedError.is(error) && !error.remote && error.errorCode === 1)
      assert(YamuxFrameError.is(error.cause) && error.cause.fault === fault, String(error.cause))
      assert.equal(conn.isClosed(), true)
      assert.deepEqual(parse(hand.bytes).filter(({ type }) => type === 3).map(({ length }) => length), [1], 'it is told that it broke the protocol')
      assert.deepEqual([hand.closed, scope.bytes, scope.spans], [true, 0, 0])
    })
  }

  it('cost nothing before they are checked', async () => {
    const { hand, conn } = muxedByHand()
    const before = process.memoryUsage().arrayBuffers
    hand.feed(frame({ type: 0, flags: SYN, streamId: 1, length: 2 ** 32 - 1 }))
    await settled()
    assert.equal(conn.isClosed(), true)
    assert(process.memoryUsage().arrayBuffers - before < 1_048_576)
  })

  const tolerated: [string, Buffer[]][] = [
    ['an answer to no ping', [ping(7, ACK)]],
    ['data without bytes', [data(1, new Uint8Array(0), SYN), data(1, new Uint8Array(0))]],
    ['two ends', [windowUpdate(1, 0, SYN | FIN), windowUpdate(1, 0, FIN)]],
    ['two resets', [windowUpdate(1, 0, SYN), windowUpdate(1, 0, RST), windowUpdate(1, 0, RST)]],
    ['an acknowledgement of nothing', [windowUpdate(1, 0, SYN | ACK)]],
    ['data of a stream that it has reset', [windowUpdate(1, 0, SYN | RST), data(1, Buffer.alloc(1_000))]],
    ['credit for a stream that it has reset', [windowUpdate(1, 0, SYN | RST), windowUpdate(1, 5)]],
    ['streams in any order', [windowUpdate(9, 0, SYN), windowUpdate(3, 0, SYN)]],
    ['a reset that comes with data', [data(1, Buffer.from('x'), SYN), data(1, Buffer.from('rest'), RST)]],
    ['the whole window at once', [data(1, Buffer.alloc(262_144), SYN)]]
  ]
  for (const [what, frames] of tolerated) {
    it(`are tolerated: ${what}`, async () => {
      const { hand, conn } = muxedByHand()
      hand.feed(Buffer.concat([...frames, data(101, Buffer.from('and on'), SYN | FIN)]))
      await settled()
      assert.equal(conn.isClosed(), false)
      for (;;) {
        const stream = await conn.acceptStream()
        const got = await Promise.race([readAll(stream).catch(() => Buffer.alloc(0)), settled()])
        if (got?.toString() === 'and on') break
      }
      conn.abort(new Error('done'))
    })
  }

  it('may bring the end together with data', async () => {
    const { hand, conn } = muxedByHand()
    const message = data(1, Buffer.from('all of it'), SYN | FIN)
    hand.feed(message.subarray(0, 15))
    const stream = await conn.acceptStream()
    assert.equal(Buffer.from(await stream.read() ?? []).toString(), 'all')
    hand.feed(message.subarray(15))
    assert.equal((await readAll(stream)).toString(), ' of it')
    conn.abort(new Error('done'))
  })

  it('show the code of a reset, and decode that of a limit', async () => {
    const { hand, conn } = muxedByHand()
    hand.feed(Buffer.concat([windowUpdate(1, 0, SYN), windowUpdate(3, 0, SYN), windowUpdate(5, 0, SYN)]))
    const streams = [await conn.acceptStream(), await conn.acceptStream(), await conn.acceptStream()]
    const reads = streams.map(stream => stream.read().catch((error: unknown) => error))
    hand.feed(Buffer.concat([windowUpdate(1, StreamErrorCode.gated, RST), windowUpdate(3, StreamErrorCode.resourceLimitExceeded, RST), data(5, Buffer.from('x'), RST)]))
    const [gated, limit, bare] = await Promise.all(reads)
    assert(StreamResetError.is(gated) && gated.remote && gated.errorCode === StreamErrorCode.gated)
    assert(ResourceLimitExceededError.is(limit) && limit.where === 'remote')
    assert(StreamResetError.is(bare) && bare.remote && bare.errorCode === 0)
    conn.abort(new Error('done'))
  })

  it('behind a reset of ours are skipped, however large, and cost no memory', async () => {
    const scope = new CountingPeerScope()
    const { hand, conn } = muxedByHand({}, { scope })
    hand.feed(windowUpdate(1, 0, SYN))
    const stream = await conn.acceptStream()
    stream.resetWithError(StreamErrorCode.rateLimited)
    await settled()
    assert.deepEqual(resets(hand.bytes), [[1, StreamErrorCode.rateLimited]])
    for (let i = 0; i < 10; i++) hand.feed(data(1, Buffer.alloc(262_144)))
    hand.feed(data(3, Buffer.from('next'), SYN))
    const next = await conn.acceptStream()
    assert.equal(Buffer.from(await next.read() ?? []).toString(), 'next')
    assert.equal(scope.bytes, 262_144)
    conn.abort(new Error('done'))
  })

  it('end with the goodbye: nothing behind it counts', async () => {
    const { hand, conn } = muxedByHand()
    hand.feed(Buffer.concat([goAway(0x1001), goAway(5), data(1, Buffer.from('x'), SYN), frame({ version: 9, type: 9, streamId: 9 })]))
    await settled()
    await assert.rejects(conn.acceptStream(), error => ConnClosedError.is(error) && error.remote && error.errorCode === 0x1001 && ResourceLimitExceededError.is(error.cause))
    assert.equal(parse(hand.bytes).length, 0)
    assert.equal(hand.closed, true)
  })

  it('of a stream that was closed here are dropped until its window is used up, which is answered with a reset', async () => {
    const scope = new CountingPeerScope()
    const { hand, conn } = muxedByHand({}, { scope })
    hand.feed(data(1, Buffer.alloc(1_000), SYN))
    const stream = await conn.acceptStream()
    await stream.close()
    await settled()
    assert.equal(scope.bytes, 0)
    hand.feed(data(1, Buffer.alloc(200_000)))
    await settled()
    assert.deepEqual(resets(hand.bytes), [])
    hand.feed(data(1, Buffer.alloc(61_144)))
    await settled()
    assert.deepEqual(resets(hand.bytes), [[1, 0]])
    hand.feed(windowUpdate(1, 0, FIN))
    await settled()
    assert.equal(conn.isClosed(), false)
    conn.abort(new Error('done'))
  })

  it('of a stream that was closed here must keep to its window', async () => {
    const { hand, conn } = muxedByHand()
    hand.feed(windowUpdate(1, 0, SYN))
    await (await conn.acceptStream()).close()
    await settled()
    hand.feed(frame({ type: 0, streamId: 1, length: 262_145 }))
    await settled()
    await assert.rejects(conn.acceptStream(), error => ConnClosedError.is(error) && YamuxFrameError.is(error.cause) && error.cause.fault === 'window-exceeded')
  })
})
