import assert from 'node:assert/strict'
import type { Stream } from '@weir/network'
import { afterClose } from '../trait-after-close.ts'
import { STREAM_ENDS } from '../muxed-stream/stream-end-cases.ts'
import { until } from '../until.ts'
import { within } from '../within.ts'
import { type NetworkCase, onPair, pairCase } from './pair-case.ts'

/** How the end of a stream shows in its connection and its scope. */
export const streamEndCases: readonly NetworkCase[] = [
  pairCase('a stream that was closed leaves its connection, and stays in that of the other side', async pair => {
    const { near, far } = await pair.stream()
    await within(near.close(), 'close')
    assert.equal(near.conn.streams().length, 0)
    assert.equal(far.conn.streams().length, 1, 'the other side has its own end to make')
  }),
  ...onPair(afterClose<Stream>([{ name: 'stat', call: stream => stream.stat() }], stream => stream.close()), 'a stream', async pair => (await pair.stream()).near),
  ...STREAM_ENDS.filter(({ name }) => name !== 'closeWrite' && name !== 'closeRead').map(({ name, call }) => pairCase(`${name} ends the scope of the stream`, async pair => {
    const { near } = await pair.stream()
    await call(near)
    await until(() => pair.logOfA.includes('stream.done'), 'the scope ends')
    assert.deepEqual(near.conn.streams(), [])
  })),
  pairCase('neither half alone ends the scope of a stream, and not both either: close or reset does', async pair => {
    const { near } = await pair.stream()
    await near.closeWrite()
    await near.closeRead()
    assert(!pair.logOfA.includes('stream.done'))
    assert.equal(near.conn.streams().length, 1)
    await within(near.close(), 'close')
    await until(() => pair.logOfA.includes('stream.done'), 'the scope ends')
  })
]
