import assert from 'node:assert/strict'
import fc from 'fast-check'
import { ACK, data, FIN, frame, goAway, ping, RST, SYN, windowUpdate } from './frames.ts'
import { settled } from './hand-clock.ts'
import { muxedByHand } from './pair.ts'

const flags = fc.integer({ min: 0, max: 15 })
const streamId = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }))
const anything = fc.oneof(
  { weight: 6, arbitrary: fc.record({ streamId, flags, payload: fc.uint8Array({ maxLength: 300 }) }).map(({ streamId, flags, payload }) => data(streamId, payload, flags)) },
  { weight: 6, arbitrary: fc.record({ streamId, flags, length: fc.oneof(fc.nat(100), fc.integer({ min: 0, max: 2 ** 32 - 1 })) }).map(({ streamId, flags, length }) => windowUpdate(streamId, length, flags)) },
  { weight: 4, arbitrary: fc.constantFrom(SYN, SYN | FIN, SYN | ACK, SYN | RST).chain(flags => fc.nat(6).map(n => windowUpdate(2 * n + 1, 0, flags))) },
  { weight: 2, arbitrary: fc.record({ id: fc.nat(5), flags: fc.constantFrom(SYN, ACK, 0) }).map(({ id, flags }) => ping(id, flags)) },
  { weight: 1, arbitrary: fc.nat(5).map(goAway) },
  { weight: 1, arbitrary: fc.record({ type: fc.nat(255), flags: fc.nat(65_535), streamId, version: fc.nat(2) }).map(header => frame(header)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 50 }).map(bytes => Buffer.from(bytes)) }
)

describe('a remote that sends anything', () => {
  it('ends no process: nothing is uncaught, nothing unhandled', async () => {
    const stray: unknown[] = []
    const keep = (error: unknown): void => { stray.push(error) }
    const before = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException') // mocha's would hide what we count
    process.on('uncaughtException', keep)
    process.on('unhandledRejection', keep)
    try {
      await fc.assert(fc.asyncProperty(fc.array(anything, { maxLength: 30 }), fc.boolean(), fc.constantFrom('finish', 'abort', 'close', 'congest'), async (frames, isServer, end) => {
        const { hand, conn } = muxedByHand({}, { isServer })
        const work: Promise<void>[] = []
        const run = (job: () => Promise<void>): void => { work.push(job().catch(() => {})) } // what is awaited may fail; what is not may not
        for (let i = 0; i < 3; i++) {
          run(async () => {
            const stream = await conn.openStream()
            await stream.write(Buffer.from('hello'))
            await stream.read()
            await stream.close()
          })
        }
        run(async () => {
          while (true) {
            const stream = await conn.acceptStream()
            run(async () => {
              for await (const chunk of stream) await stream.write(chunk)
              await stream.close()
            })
          }
        })
        for (const part of frames) {
          hand.feed(part.subarray(0, part.length >> 1))
          hand.feed(part.subarray(part.length >> 1))
          if (end === 'congest') hand.room = part.length % 2 === 0
          await Promise.resolve()
        }
        await settled()
        if (end === 'finish') hand.finish()
        else if (end === 'abort') hand.abort(new Error('reset'))
        else if (end === 'close') void conn.close()
        await settled()
        conn.abort(new Error('the test is over'))
        await Promise.all(work)
      }), { numRuns: 150 })
      await settled()
    } finally {
      process.off('uncaughtException', keep)
      process.off('unhandledRejection', keep)
      for (const listener of before) process.on('uncaughtException', listener)
    }
    assert.deepEqual(stray.map(String), [])
  })
})
