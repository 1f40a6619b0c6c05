import assert from 'node:assert/strict'
import fc from 'fast-check'
import { RemoteNotReadingError, YamuxFrameError } from '../src/index.ts'
import { YamuxFrameGuard, type YamuxFrameGuardInit } from '../src/yamux-frame-guard.ts'
import { ACK, data, FIN, frame, goAway, parse, ping, RST, SYN, windowUpdate } from './frames.ts'

const WINDOW = 262_144

function serverGuard (init: Partial<YamuxFrameGuardInit> = {}): YamuxFrameGuard {
  return new YamuxFrameGuard({ isServer: true, maxStreamWindowBytes: 1_048_576, maxTrackedStreams: 100, maxWaitingPings: 4, maxWaitingFrames: 16, mayGrow: () => true, ...init })
}

function faultOf (fn: () => unknown): string {
  try {
    fn()
  } catch (error) {
    assert(YamuxFrameError.is(error), String(error))
    return error.fault
  }
  return 'none'
}

const bytesOf = (chunk: Uint8Array | { slice (): Uint8Array }): Buffer => Buffer.from(chunk instanceof Uint8Array ? chunk : chunk.slice())

describe('YamuxFrameGuard', () => {
  it('refuses a header that announces 4 GiB, with all its numbers', () => {
    const guard = serverGuard()
    assert.throws(() => guard.received(frame({ type: 0, streamId: 77, length: 2 ** 32 - 1 })), (error: unknown) => {
      assert(YamuxFrameError.is(error))
      assert.deepEqual({ fault: error.fault, streamId: error.streamId, frameType: error.frameType, lengthBytes: error.lengthBytes, windowBytes: error.windowBytes }, { fault: 'window-exceeded', streamId: 77, frameType: 0, lengthBytes: 2 ** 32 - 1, windowBytes: WINDOW })
      return true
    })
  })

  it('refuses it wherever the bytes are cut, and passes none of it on', () => {
    const bytes = frame({ type: 0, streamId: 1, length: 2 ** 31, payload: Buffer.alloc(20) })
    for (let cut = 1; cut < 12; cut++) {
      const guard = serverGuard()
      assert.equal(guard.received(bytes.subarray(0, cut)).byteLength, 0)
      assert.equal(faultOf(() => guard.received(bytes.subarray(cut))), 'window-exceeded')
    }
  })

  const faults: [string, Buffer][] = [
    ['version', frame({ version: 1, type: 0, streamId: 1 })],
    ['type', frame({ type: 4, streamId: 1 })],
    ['type', frame({ type: 255, streamId: 0 })],
    ['flags', frame({ type: 0, flags: 16, streamId: 1 })],
    ['flags', frame({ type: 1, flags: 0x8000, streamId: 1 })],
    ['flags', ping(1, 0)],
    ['flags', ping(1, SYN | ACK)],
    ['stream-id', frame({ type: 0, streamId: 0, payload: Buffer.alloc(1) })],
    ['stream-id', windowUpdate(0, 5)],
    ['stream-id', frame({ type: 2, flags: SYN, streamId: 3 })],
    ['stream-id', frame({ type: 3, streamId: 3 })],
    ['parity', windowUpdate(2, 0, SYN)],
    ['duplicate-stream', Buffer.concat([windowUpdate(1, 0, SYN), windowUpdate(1, 0, SYN)])]
  ]
  for (const [expected, bytes] of faults) {
    it(`refuses ${bytes.toString('hex').slice(0, 24)}: ${expected}`, () => {
      assert.equal(faultOf(() => serverGuard().received(bytes)), expected)
    })
  }

  it('expects even streams of a remote that was dialled', () => {
    assert.equal(faultOf(() => serverGuard({ isServer: false }).received(windowUpdate(1, 0, SYN))), 'parity')
    assert.equal(faultOf(() => serverGuard({ isServer: false }).received(windowUpdate(2, 0, SYN))), 'none')
  })

  it('counts a window down by what comes and up by what is granted', () => {
    const guard = serverGuard()
    guard.received(data(1, Buffer.alloc(WINDOW), SYN))
    assert.equal(faultOf(() => guard.received(frame({ type: 0, streamId: 1, length: 1 }))), 'window-exceeded')

    const granted = serverGuard()
    granted.received(data(1, Buffer.alloc(WINDOW), SYN))
    granted.sent(windowUpdate(1, 1_000, ACK))
    granted.received(data(1, Buffer.alloc(1_000)))
    assert.equal(faultOf(() => granted.received(frame({ type: 0, streamId: 1, length: 1 }))), 'window-exceeded')
  })

  it('never lets more through than was granted, whatever the order', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 400_000 })), { maxLength: 40 }), steps => {
      const guard = serverGuard({ maxStreamWindowBytes: 500_000 })
      guard.received(windowUpdate(1, 0, SYN))
      let left = WINDOW
      let owed = 0
      for (const [grant, bytes] of steps) {
        if (grant) {
          const [passed] = parse(bytesOf(guard.sent(windowUpdate(1, bytes))))
          owed += bytes
          assert((passed?.length ?? 0) <= owed)
          if (passed !== undefined) owed = 0
          left += passed?.length ?? 0
          assert(left <= 500_000)
        } else {
          const fault = faultOf(() => guard.received(frame({ type: 0, streamId: 1, payload: new Uint8Array(bytes) })))
          assert.equal(fault, bytes > left ? 'window-exceeded' : 'none')
          if (fault !== 'none') return
          left -= bytes
        }
      }
    }), { numRuns: 60 })
  })

  it('grants no larger window than is allowed, by changing the frame', () => {
    const guard = serverGuard({ maxStreamWindowBytes: WINDOW + 100 })
    guard.received(data(1, Buffer.alloc(1_000), SYN))
    assert.deepEqual(parse(bytesOf(guard.sent(windowUpdate(1, 5_000, ACK)))).map(({ length, flags }) => [length, flags]), [[1_100, ACK]])
    assert.deepEqual(parse(bytesOf(guard.sent(windowUpdate(1, 5_000, ACK)))).map(({ length }) => length), [0])
  })

  it('lets small updates wait until half of the window is used, and then sends what they come to', () => {
    const guard = serverGuard({ maxStreamWindowBytes: WINDOW })
    guard.received(data(1, Buffer.alloc(WINDOW / 2 - 1), SYN))
    assert.deepEqual(parse(bytesOf(guard.sent(windowUpdate(1, 1_000)))), [])
    assert.deepEqual(parse(bytesOf(guard.sent(windowUpdate(1, WINDOW / 2 - 1_001)))), [])
    guard.received(data(1, Buffer.alloc(1)))
    assert.deepEqual(parse(bytesOf(guard.sent(windowUpdate(1, 1)))).map(({ length }) => length), [WINDOW / 2])
    assert.equal(faultOf(() => guard.received(data(1, Buffer.alloc(WINDOW)))), 'none')
  })

  it('never lets an update with a flag wait, nor sends one without to a remote that has ended', () => {
    const guard = serverGuard()
    guard.received(data(1, Buffer.alloc(1_000), SYN))
    assert.deepEqual(parse(bytesOf(guard.sent(windowUpdate(1, 1_000, ACK)))).map(({ length, flags }) => [length, flags]), [[1_000, ACK]])
    guard.received(data(1, Buffer.alloc(WINDOW)))
    guard.received(windowUpdate(1, 0, FIN))
    assert.deepEqual(parse(bytesOf(guard.sent(windowUpdate(1, WINDOW)))), [])
  })

  it('asks before a window grows, and leaves it as it is when it may not', () => {
    const asked: [number, number][] = []
    const guard = serverGuard({ mayGrow: (streamId, bytes) => { asked.push([streamId, bytes]); return asked.length > 1 } })
    guard.received(data(1, Buffer.alloc(1_000), SYN))
    assert.equal(parse(bytesOf(guard.sent(windowUpdate(1, 1_000 + WINDOW, ACK))))[0]?.length, 1_000)
    assert.equal(parse(bytesOf(guard.sent(windowUpdate(1, WINDOW, ACK))))[0]?.length, WINDOW)
    assert.deepEqual(asked, [[1, WINDOW], [1, WINDOW]])
    guard.received(data(1, Buffer.alloc(2 * WINDOW)))
    guard.sent(windowUpdate(1, 2 * WINDOW))
    assert.equal(asked.length, 2, 'a window that was as large before is not asked for again')
  })

  it('forgets a stream when both sides have ended it, or one has reset it', () => {
    const guard = serverGuard()
    guard.received(Buffer.concat([windowUpdate(1, 0, SYN), windowUpdate(3, 0, SYN), windowUpdate(5, 0, SYN)]))
    guard.sent(windowUpdate(2, 0, SYN))
    assert.equal(guard.trackedStreams, 4)
    guard.received(windowUpdate(1, 0, FIN))
    guard.sent(windowUpdate(1, 0, FIN))
    guard.sent(windowUpdate(2, 0, FIN))
    guard.received(windowUpdate(2, 0, FIN))
    guard.received(windowUpdate(3, 0, RST))
    guard.sent(windowUpdate(5, 0, RST))
    assert.equal(guard.trackedStreams, 0)
  })

  it('lets a remote finish what it was sending into a large window when the stream was reset here', () => {
    const guard = serverGuard()
    guard.received(windowUpdate(1, 0, SYN))
    guard.sent(windowUpdate(1, WINDOW, ACK))
    guard.sent(windowUpdate(1, 0, RST))
    assert.equal(faultOf(() => guard.received(data(1, Buffer.alloc(2 * WINDOW)))), 'none')
    assert.equal(faultOf(() => guard.received(frame({ type: 0, streamId: 1, length: 1 }))), 'window-exceeded')
    guard.received(windowUpdate(1, 0, FIN))
  })

  it('refuses data behind the end of a stream', () => {
    const guard = serverGuard()
    guard.received(windowUpdate(1, 0, SYN | FIN))
    assert.equal(faultOf(() => guard.received(data(1, Buffer.alloc(1)))), 'window-exceeded')
  })

  it('follows a bounded number of streams', () => {
    const guard = serverGuard({ maxTrackedStreams: 3 })
    for (const id of [1, 3, 5]) guard.received(windowUpdate(id, 0, SYN))
    assert.equal(faultOf(() => guard.received(windowUpdate(7, 0, SYN))), 'too-many-streams')
  })

  it('knows the codes of resets and of the go-away', () => {
    const guard = serverGuard()
    guard.received(Buffer.concat([windowUpdate(1, 0, SYN), windowUpdate(1, 0x1002, RST)]))
    assert.equal(guard.resetCode(1), 0x1002)
    assert.equal(guard.resetCode(3), 0)
    assert.equal(guard.goAwayCode, undefined)
    guard.received(goAway(0x1001))
    assert.equal(guard.goAwayCode, 0x1001)
    assert.equal(guard.resetCode(1), 0, 'only of the bytes received last')
  })

  it('counts replies that wait for a remote that does not read', () => {
    const guard = serverGuard()
    for (let i = 0; i < 1_000; i++) guard.sent(ping(i, ACK))
    guard.setCongested(true)
    for (let i = 0; i < 4; i++) guard.sent(ping(i, ACK))
    assert.throws(() => guard.sent(ping(5, ACK)), (error: unknown) => RemoteNotReadingError.is(error) && error.waiting === 'pings' && error.limit === 4)
    guard.setCongested(false)
    guard.setCongested(true)
    for (let i = 0; i < 16; i++) guard.sent(windowUpdate(1, 5))
    guard.sent(data(1, Buffer.alloc(100)))
    assert.throws(() => guard.sent(windowUpdate(1, 5)), (error: unknown) => RemoteNotReadingError.is(error) && error.waiting === 'frames')
  })

  it('throws nothing but its own error, whatever it is fed', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 20 }), chunks => {
      const guard = serverGuard()
      try {
        for (const chunk of chunks) guard.received(chunk)
      } catch (error) {
        assert(YamuxFrameError.is(error))
      }
    }))
  })
})
