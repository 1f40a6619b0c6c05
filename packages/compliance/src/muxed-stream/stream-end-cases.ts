import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { DeadlineExceededError, type MuxedStream, StreamReadClosedError, StreamResetError, StreamWriteClosedError, systemClock } from '@weir/network'
import { COMPLIANCE_DEFAULTS } from '../defaults.ts'
import { aborted } from '../trait-aborted.ts'
import { afterClose } from '../trait-after-close.ts'
import { closedTwice } from '../trait-closed-twice.ts'
import { within } from '../within.ts'
import { readAll, readText, utf8 } from './bytes.ts'
import { onNear, type StreamCase, streamCase } from './stream-case.ts'

/** More than any window takes while nobody reads. */
const TOO_MUCH = 32 << 20

const isReset = (remote: boolean) => (error: unknown): boolean => StreamResetError.is(error) && error.remote === remote

/** Reads until something else than bytes comes. @throws what the read throws */
async function drain (stream: MuxedStream): Promise<void> {
  while (await within(stream.read(), 'the next bytes, or the end') !== undefined) {}
}

/** The ways in which a stream is ended. */
export const STREAM_ENDS: readonly { readonly name: string, readonly call: (stream: MuxedStream) => unknown }[] = [
  { name: 'closeWrite', call: stream => stream.closeWrite() },
  { name: 'closeRead', call: stream => stream.closeRead() },
  { name: 'close', call: stream => stream.close() },
  { name: 'reset', call: stream => { stream.reset() } },
  { name: 'resetWithError', call: stream => { stream.resetWithError(7) } },
  { name: 'abort', call: stream => { stream.abort(new Error('enough')) } },
  { name: 'asyncDispose', call: stream => stream[Symbol.asyncDispose]() }
]

/** Writing, and the ways in which a stream ends: half, whole, and hard. */
export const streamEndCases: readonly StreamCase[] = [
  streamCase('closeWrite sends the end, and reading goes on', async source => {
    const { near, far } = await source.stream()
    await near.write(utf8('question'))
    await within(near.closeWrite(), 'closeWrite')
    assert.equal(Buffer.from(await readAll(far)).toString(), 'question')
    await far.write(utf8('answer'))
    await within(far.closeWrite(), 'closeWrite of the other side')
    assert.equal(Buffer.from(await readAll(near)).toString(), 'answer')
  }),
  streamCase('a write after closeWrite rejects with StreamWriteClosedError', async source => {
    const { near } = await source.stream()
    await near.closeWrite()
    await within(assert.rejects(near.write(utf8('x')), StreamWriteClosedError.is), 'the write')
  }),
  streamCase('a write past its deadline rejects with DeadlineExceededError when the remote does not read', async source => {
    const { near } = await source.stream()
    near.setWriteDeadline(systemClock.monotonicMs() + 3 * COMPLIANCE_DEFAULTS.quietMs)
    await within(assert.rejects(async () => {
      for (let sent = 0; sent < TOO_MUCH; sent += 64 << 10) await near.write(new Uint8Array(64 << 10))
    }, error => DeadlineExceededError.is(error) && error.operation === 'write'), 'the write ends')
  }),
  ...onNear(aborted<MuxedStream>([{ name: 'write', call: (stream, signal) => stream.write(utf8('x'), { signal }) }])),
  streamCase('a write whose signal was aborted before sends nothing, and the stream goes on', async source => {
    const { near, far } = await source.stream()
    await within(assert.rejects(near.write(utf8('unsent'), { signal: AbortSignal.abort() })), 'the write ends')
    await near.write(utf8('sent'))
    await near.closeWrite()
    assert.equal(Buffer.from(await readAll(far)).toString(), 'sent')
  }),
  streamCase('a write that is given up after bytes were taken resets the stream: half a message is worse than none', async source => {
    const { near, far } = await source.stream()
    const controller = new AbortController()
    const reason = new Error('given up')
    const writing = assert.rejects(near.write(new Uint8Array(TOO_MUCH), { signal: controller.signal }), error => error === reason)
    await sleep(COMPLIANCE_DEFAULTS.quietMs) // the window is full by now
    controller.abort(reason)
    await within(writing, 'the write ends')
    near.setWriteDeadline(systemClock.monotonicMs() + COMPLIANCE_DEFAULTS.quietMs) // the window stays full: a stream that goes on would wait
    await within(assert.rejects(near.write(utf8('x')), StreamResetError.is), 'the next write')
    await assert.rejects(drain(far), isReset(true))
  }),
  streamCase('reset is seen on both sides as what it is, by whom it was done', async source => {
    const { near, far } = await source.stream()
    const reads = [assert.rejects(near.read(), isReset(false)), assert.rejects(far.read(), isReset(true))]
    near.reset()
    await within(Promise.all(reads), 'the waiting reads')
    await within(assert.rejects(near.write(utf8('x')), isReset(false)), 'a write behind one\'s own reset')
    await within(assert.rejects(far.write(utf8('x')), isReset(true)), 'a write behind the remote\'s reset')
    await within(assert.rejects(near.read(), isReset(false)), 'a later read')
    await within(assert.rejects(far.read(), isReset(true)), 'a later read of the other side')
  }),
  streamCase('reset wakes a write that waits for the remote', async source => {
    const { near } = await source.stream()
    const writing = assert.rejects(near.write(new Uint8Array(TOO_MUCH)), isReset(false))
    await sleep(COMPLIANCE_DEFAULTS.quietMs)
    near.reset()
    await within(writing, 'the write ends')
  }),
  streamCase('a reset of the remote wakes a write that waits for it', async source => {
    const { near, far } = await source.stream()
    const writing = assert.rejects(near.write(new Uint8Array(TOO_MUCH)), isReset(true))
    await sleep(COMPLIANCE_DEFAULTS.quietMs)
    far.reset()
    await within(writing, 'the write ends')
  }),
  streamCase('abort shows its cause to the local reader and writer, and resets the stream for the remote', async source => {
    const { near, far } = await source.stream()
    const cause = new Error('the cause')
    const shows = (error: unknown): boolean => error === cause || (error instanceof Error && error.cause === cause)
    const reads = [assert.rejects(near.read(), shows), assert.rejects(far.read(), isReset(true))]
    near.abort(cause)
    await within(Promise.all(reads), 'the waiting reads')
    await within(assert.rejects(near.write(utf8('x')), shows), 'a write')
  }),
  streamCase('close ends both halves, and what was written still arrives', async source => {
    const { near, far } = await source.stream()
    await near.write(utf8('goodbye'))
    await within(near.close(), 'close')
    assert.equal(await readText(far, 7), 'goodbye')
    assert.equal(await within(far.read(), 'the end'), undefined)
  }),
  streamCase('close does not wait for the remote', async source => {
    const { near, far } = await source.stream()
    await within(near.close(), 'close')
    await within(far.write(utf8('x')), 'the other side has its own end to make')
  }),
  ...onNear(afterClose<MuxedStream>([
    { name: 'read', call: stream => stream.read(), refuses: StreamReadClosedError.is },
    { name: 'write', call: stream => stream.write(utf8('x')), refuses: StreamWriteClosedError.is },
    ...STREAM_ENDS,
    { name: 'setDeadline', call: stream => { stream.setDeadline(systemClock.monotonicMs() + 1) } }
  ], stream => stream.close())),
  ...onNear(afterClose<MuxedStream>(STREAM_ENDS, stream => { stream.reset() }).map(({ name, run }) => ({ name: name.replace('after close', 'after reset'), run }))),
  ...onNear(closedTwice<MuxedStream>(STREAM_ENDS))
]
