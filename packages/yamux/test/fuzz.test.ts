import assert from 'node:assert/strict'
import { assertNoTimers, CountingPeerScope, ManualClock } from '@weir/compliance'
import type { MuxedConn, MuxedStream } from '@weir/network'
import fc from 'fast-check'
import { ACK, data, FIN, frame, goAway, ping, RST, SYN, windowUpdate } from './frames.ts'
import type { HandConn } from './hand-conn.ts'
import { muxedByHand } from './pair.ts'
import { settled } from './settled.ts'

const escaped: unknown[] = []
const onEscape = (error: unknown): void => { escaped.push(error) }

const MAX_STREAMS = 8
const WINDOW = 262_144

interface Victim { readonly hand: HandConn, readonly conn: MuxedConn, readonly scope: CountingPeerScope, readonly clock: ManualClock }

/** A connection that accepts, reads, answers, and opens streams of its own. */
function victim (): Victim {
  const scope = new CountingPeerScope()
  const clock = new ManualClock()
  const { hand, conn } = muxedByHand({ clock, maxIncomingStreams: MAX_STREAMS, maxStreamWindowSizeBytes: WINDOW }, { scope })
  const use = async (stream: MuxedStream, index: number): Promise<void> => {
    if (index % 3 === 2) return // nobody reads this one
    for await (const bytes of stream) await stream.write(bytes.subarray(0, 100))
    await stream.close()
  }
  void (async () => {
    for (let i = 0; ; i++) use(await conn.acceptStream(), i).catch(() => {})
  })().catch(() => {})
  for (let i = 0; i < 2; i++) conn.openStream().then(stream => use(stream, i)).catch(() => {})
  return { hand, conn, scope, clock }
}

async function assertUnharmed ({ conn, scope, clock }: Victim): Promise<void> {
  await settled()
  assert(scope.mostBytes <= (MAX_STREAMS + 2) * WINDOW)
  conn.abort(new Error('the test is over'))
  await settled()
  assert.deepEqual([scope.bytes, scope.spans], [0, 0])
  assertNoTimers(clock)
  assert.deepEqual(escaped, [])
}

const TRANSCRIPT = Buffer.concat([
  data(1, Buffer.from('question'), SYN), windowUpdate(3, 0, SYN), ping(1), windowUpdate(2, 0, ACK), data(3, Buffer.alloc(500, 3)), data(4, Buffer.from('x'), ACK),
  windowUpdate(1, 100_000), windowUpdate(1, 0, FIN), data(5, Buffer.alloc(3_000, 5), SYN), windowUpdate(3, 0x1002, RST), ping(0, ACK), data(2, Buffer.from('y')),
  windowUpdate(2, 0, FIN), data(5, new Uint8Array(0)), windowUpdate(7, 0, SYN | FIN), goAway(0)
])

const anyFrame = fc.record({
  version: fc.oneof({ weight: 30, arbitrary: fc.constant(0) }, fc.nat(255)),
  type: fc.oneof({ weight: 10, arbitrary: fc.nat(3) }, fc.nat(255)),
  flags: fc.oneof({ weight: 10, arbitrary: fc.constantFrom(0, SYN, ACK, FIN, RST, SYN | FIN, SYN | RST, ACK | FIN, 15) }, fc.nat(65_535)),
  streamId: fc.oneof({ weight: 10, arbitrary: fc.nat(12) }, fc.nat(0xffffffff)),
  payload: fc.uint8Array({ maxLength: 300 })
}).chain(each => fc.oneof({ weight: 4, arbitrary: fc.constant(frame({ ...each, payload: each.type === 0 ? each.payload : new Uint8Array(0), length: each.payload.length })) }, fc.nat(0xffffffff).map(length => frame({ ...each, length }))))

describe('fuzzing', () => {
  before(() => { process.on('uncaughtExceptionMonitor', onEscape).on('unhandledRejection', onEscape) })
  after(() => { process.off('uncaughtExceptionMonitor', onEscape).off('unhandledRejection', onEscape) })

  it('random bytes', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 500 }), { maxLength: 10 }), async chunks => {
      const each = victim()
      for (const chunk of chunks) each.hand.feed(chunk)
      await assertUnharmed(each)
    }), { numRuns: 150 })
  })

  it('random frames', async () => {
    await fc.assert(fc.asyncProperty(fc.array(anyFrame, { maxLength: 60 }), fc.boolean(), async (frames, together) => {
      const each = victim()
      for (const bytes of together ? [Buffer.concat(frames)] : frames) {
        each.hand.feed(bytes)
        if (!together) await Promise.resolve()
      }
      await assertUnharmed(each)
    }), { numRuns: 400 })
  })

  it('a remote that reads only sometimes', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(anyFrame, fc.boolean()), { maxLength: 60 }), async steps => {
      const each = victim()
      for (const [bytes, room] of steps) {
        if (room) each.hand.drain()
        else each.hand.room = false
        each.hand.feed(bytes)
        await Promise.resolve()
      }
      await assertUnharmed(each)
    }), { numRuns: 150 })
  })

  it('a whole conversation with some bytes changed', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.nat(TRANSCRIPT.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), async changes => {
      const bytes = Buffer.from(TRANSCRIPT)
      for (const [at, to] of changes) bytes[at] = to
      const each = victim()
      each.hand.feed(bytes)
      await assertUnharmed(each)
    }), { numRuns: 300 })
  })

  it('a whole conversation with changed headers', async () => {
    const headers: number[] = []
    for (let at = 0; at < TRANSCRIPT.length;) {
      headers.push(at)
      at += 12 + (TRANSCRIPT[at + 1] === 0 ? TRANSCRIPT.readUInt32BE(at + 8) : 0)
    }
    await fc.assert(fc.asyncProperty(fc.constantFrom(...headers), fc.nat(11), fc.nat(255), async (header, at, to) => {
      const bytes = Buffer.from(TRANSCRIPT)
      bytes[header + at] = to
      const each = victim()
      each.hand.feed(bytes)
      await assertUnharmed(each)
    }), { numRuns: 300 })
  })

  it('a whole conversation, broken off at every byte of its frames', async () => {
    const short = TRANSCRIPT.subarray(0, 400)
    for (let end = 0; end <= short.length; end++) {
      const each = victim()
      each.hand.feed(short.subarray(0, end))
      each.hand.finish()
      await assertUnharmed(each)
    }
  })

  it('a whole conversation, byte by byte', async () => {
    const each = victim()
    for (const byte of TRANSCRIPT) each.hand.feed(Uint8Array.of(byte))
    await settled()
    for (let i = 0; i < 50; i++) await settled()
    assert.equal(each.conn.isClosed(), true, 'by the goodbye at its end')
    await assertUnharmed(each)
  })
})
