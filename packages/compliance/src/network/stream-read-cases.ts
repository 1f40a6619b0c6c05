import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { DeadlineExceededError, type Stream, StreamReadClosedError, StreamReadPendingError, systemClock } from '@weir/network'
import { COMPLIANCE_DEFAULTS } from '../defaults.ts'
import { aborted } from '../trait-aborted.ts'
import { within } from '../within.ts'
import { readAll, readText, utf8 } from './bytes.ts'
import { type NetworkCase, onPair, pairCase } from './pair-case.ts'

const TOTAL_BYTES = 32 << 20

/** A stream whose far end says nothing. */
const nearEnd = async (pair: { stream (): Promise<{ near: Stream }> }): Promise<Stream> => (await pair.stream()).near

/** Reading: one at a time, nothing lost, and the sender waits for it. */
export const streamReadCases: readonly NetworkCase[] = [
  pairCase('the end of a stream is undefined, again and again', async pair => {
    const { near, far } = await pair.stream()
    await far.write(utf8('last'))
    await far.closeWrite()
    assert.equal(Buffer.from(await readAll(near)).toString(), 'last')
    for (let i = 0; i < 3; i++) assert.equal(await within(near.read(), 'the end'), undefined)
  }),
  pairCase('a second read while one waits throws StreamReadPendingError, and the first goes on', async pair => {
    const { near, far } = await pair.stream()
    const first = near.read()
    first.catch(() => {}) // a network that fails here ends it, and nobody waits for it then
    await within(assert.rejects(near.read(), StreamReadPendingError.is), 'the second read')
    await far.write(utf8('x'))
    assert.equal(Buffer.from(await within(first, 'the first read') ?? []).toString(), 'x')
  }),
  ...onPair(aborted<Stream>([{ name: 'read', call: (stream, signal) => stream.read({ signal }), waits: true }]), 'a stream', nearEnd),
  pairCase('a read that was given up loses nothing', async pair => {
    const { near, far } = await pair.stream()
    for (let i = 0; i < 3; i++) {
      const controller = new AbortController()
      const read = assert.rejects(near.read({ signal: controller.signal }))
      controller.abort()
      await within(read, 'the read ends')
    }
    await far.write(utf8('all of it'))
    assert.equal(await readText(near, 9), 'all of it')
  }),
  pairCase('a read whose signal was aborted before loses nothing of what is there', async pair => {
    const { near, far } = await pair.stream()
    await far.write(utf8('all of it'))
    await far.closeWrite()
    await within(assert.rejects(near.read({ signal: AbortSignal.abort() })), 'the read ends')
    assert.equal(Buffer.from(await readAll(near)).toString(), 'all of it')
  }),
  pairCase('a read past its deadline rejects with DeadlineExceededError, at once from then on, and loses nothing', async pair => {
    const { near, far } = await pair.stream()
    near.setReadDeadline(systemClock.monotonicMs() + 20)
    const isReadDeadline = (error: unknown): boolean => DeadlineExceededError.is(error) && error.operation === 'read' && error.temporary
    await within(assert.rejects(near.read(), isReadDeadline), 'the read ends')
    await within(assert.rejects(near.read(), isReadDeadline), 'the next read ends')
    await far.write(utf8('late'))
    near.setReadDeadline()
    assert.equal(await readText(near, 4), 'late')
  }),
  pairCase('a deadline that is set while a read waits ends it, one that is taken back does not', async pair => {
    const { near, far } = await pair.stream()
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
  pairCase('a read deadline stops no write, and setDeadline stops both', async pair => {
    const { near, far } = await pair.stream()
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
  pairCase('closeRead rejects the waiting read and later ones with StreamReadClosedError, and writing goes on', async pair => {
    const { near, far } = await pair.stream()
    const waiting = assert.rejects(near.read(), StreamReadClosedError.is)
    await within(near.closeRead(), 'closeRead')
    await within(waiting, 'the waiting read')
    await within(assert.rejects(near.read(), StreamReadClosedError.is), 'a later read')
    await near.write(utf8('still writing'))
    await near.closeWrite()
    assert.equal(Buffer.from(await readAll(far)).toString(), 'still writing')
  }),
  pairCase('a reader that sleeps stops the sender, and nothing is lost when it wakes', async pair => {
    const { near, far } = await pair.stream()
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
  })
]
