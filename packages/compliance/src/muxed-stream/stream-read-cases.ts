import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { DeadlineExceededError, type MuxedStream, StreamReadClosedError, StreamReadPendingError, systemClock } from '@weir/network'
import { COMPLIANCE_DEFAULTS } from '../defaults.ts'
import { seededRandom } from '../seeded-random.ts'
import { aborted } from '../trait-aborted.ts'
import { turn } from '../turn.ts'
import { within } from '../within.ts'
import { patternBytes, readAll, readText, utf8 } from './bytes.ts'
import { onNear, type StreamCase, streamCase } from './stream-case.ts'

const TOTAL_BYTES = 32 << 20
const MIXED_BYTES = 8 << 20

/** Reading: one at a time, nothing lost, and the sender waits for it. */
export const streamReadCases: readonly StreamCase[] = [
  streamCase('the end of a stream is undefined, again and again', async source => {
    const { near, far } = await source.stream()
    await far.write(utf8('last'))
    await far.closeWrite()
    assert.equal(Buffer.from(await readAll(near)).toString(), 'last')
    for (let i = 0; i < 3; i++) assert.equal(await within(near.read(), 'the end'), undefined)
  }),
  streamCase('a second read while one waits throws StreamReadPendingError, and the first goes on', async source => {
    const { near, far } = await source.stream()
    const first = near.read()
    first.catch(() => {}) // a network that fails here ends it, and nobody waits for it then
    await within(assert.rejects(near.read(), StreamReadPendingError.is), 'the second read')
    await far.write(utf8('x'))
    assert.equal(Buffer.from(await within(first, 'the first read') ?? []).toString(), 'x')
  }),
  ...onNear(aborted<MuxedStream>([{ name: 'read', call: (stream, signal) => stream.read({ signal }), waits: true }])),
  streamCase('a read that was given up loses nothing', async source => {
    const { near, far } = await source.stream()
    for (let i = 0; i < 3; i++) {
      const controller = new AbortController()
      const read = assert.rejects(near.read({ signal: controller.signal }))
      controller.abort()
      await within(read, 'the read ends')
    }
    await far.write(utf8('all of it'))
    assert.equal(await readText(near, 9), 'all of it')
  }),
  streamCase('a read whose signal was aborted before loses nothing of what is there', async source => {
    const { near, far } = await source.stream()
    await far.write(utf8('all of it'))
    await far.closeWrite()
    await within(assert.rejects(near.read({ signal: AbortSignal.abort() })), 'the read ends')
    assert.equal(Buffer.from(await readAll(near)).toString(), 'all of it')
  }),
  streamCase('a read past its deadline rejects with DeadlineExceededError, at once from then on, and loses nothing', async source => {
    const { near, far } = await source.stream()
    near.setReadDeadline(systemClock.monotonicMs() + 20)
    const isReadDeadline = (error: unknown): boolean => DeadlineExceededError.is(error) && error.operation === 'read' && error.temporary
    await within(assert.rejects(near.read(), isReadDeadline), 'the read ends')
    await within(assert.rejects(near.read(), isReadDeadline), 'the next read ends')
    await far.write(utf8('late'))
    near.setReadDeadline()
    assert.equal(await readText(near, 4), 'late')
  }),
  streamCase('a deadline that is set while a read waits ends it, one that is taken back does not', async source => {
    const { near, far } = await source.stream()
    const kept = near.read()
    near.setReadDeadline(systemClock.monotonicMs() + 20)
    near.setReadDeadline()
    await sleep(COMPLIANCE_DEFAULTS.quietMs)
    await far.write(utf8('x'))
    assert.equal(Buffer.from(await within(kept, 'the first read') ?? []).toString(), 'x')
    const ended = assert.rejects(near.read(), DeadlineExceededError.is)
    near.setReadDeadline(systemClock.monotonicMs() - 1)
    await within(ended, 'the second read')
  }),
  streamCase('a read deadline stops no write, and setDeadline stops both', async source => {
    const { near, far } = await source.stream()
    near.setReadDeadline(systemClock.monotonicMs() - 1)
    await near.write(utf8('x'))
    assert.equal(await readText(far, 1), 'x')
    near.setDeadline(systemClock.monotonicMs() - 1)
    await within(assert.rejects(near.read(), DeadlineExceededError.is), 'the read')
    await within(assert.rejects(near.write(utf8('x')), DeadlineExceededError.is), 'the write')
    near.setDeadline()
    await near.write(utf8('y'))
    assert.equal(await readText(far, 1), 'y')
  }),
  streamCase('closeRead rejects the waiting read and later ones with StreamReadClosedError, and writing goes on', async source => {
    const { near, far } = await source.stream()
    const waiting = assert.rejects(near.read(), StreamReadClosedError.is)
    await within(near.closeRead(), 'closeRead')
    await within(waiting, 'the waiting read')
    await within(assert.rejects(near.read(), StreamReadClosedError.is), 'a later read')
    await near.write(utf8('still writing'))
    await near.closeWrite()
    assert.equal(Buffer.from(await readAll(far)).toString(), 'still writing')
  }),
  streamCase('a reader that sleeps stops the sender, and nothing is lost when it wakes', async source => {
    const { near, far } = await source.stream()
    let sent = 0
    const sending = (async () => {
      const chunk = new Uint8Array(64 << 10)
      for (; sent < TOTAL_BYTES; sent += chunk.byteLength) await near.write(chunk)
      await near.closeWrite()
    })()
    for (let before = -1; before !== sent;) {
      before = sent
      await sleep(3 * COMPLIANCE_DEFAULTS.quietMs)
    }
    assert(sent < TOTAL_BYTES / 2, `${sent} bytes were taken while nobody read`)
    let received = 0
    for await (const bytes of far) received += bytes.byteLength
    await within(sending, 'all was sent')
    assert.equal(received, TOTAL_BYTES)
  }),
  streamCase('what was written in pieces of all sizes, and is read now and then, is what was written', async source => {
    const { near, far } = await source.stream()
    const random = seededRandom(1)
    const written = patternBytes(MIXED_BYTES)
    const writing = (async () => {
      for (let at = 0; at < written.byteLength;) {
        const bytes = 1 + Math.floor(random() ** 3 * 60_000) // most of them small
        await near.write(written.subarray(at, at + bytes))
        at += bytes
      }
      await near.closeWrite()
    })()
    const read: Uint8Array[] = []
    for await (const bytes of far) {
      read.push(bytes)
      if (random() < 0.2) await turn()
    }
    await within(writing, 'all was written')
    const all = Buffer.concat(read)
    assert.equal(all.byteLength, written.byteLength)
    assert(all.equals(written), 'other bytes were read than were written')
  })
]
