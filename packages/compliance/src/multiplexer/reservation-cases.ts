import assert from 'node:assert/strict'
import { type MuxedStream, ResourceLimitExceededError, StreamResetError } from '@weir/network'
import { readText, utf8 } from '../muxed-stream/bytes.ts'
import { STREAM_ENDS } from '../muxed-stream/stream-end-cases.ts'
import { until } from '../until.ts'
import { within } from '../within.ts'
import { type MultiplexerCase, muxedCase } from './muxed-case.ts'

const isRefusal = (error: unknown): boolean => ResourceLimitExceededError.is(error) || (StreamResetError.is(error) && error.remote)

/** Memory in the scopes of the peers. */
export const reservationCases: readonly MultiplexerCase[] = [
  muxedCase('each stream reserves memory on both sides', async pair => {
    await pair.stream()
    const [near, far] = pair.scopes.map(({ bytes }) => bytes)
    assert(near !== undefined && far !== undefined && near > 0 && far > 0)
    await pair.stream()
    assert.deepEqual(pair.scopes.map(({ bytes }) => bytes), [2 * near, 2 * far])
  }, { needs: ['reserves'] }),
  ...STREAM_ENDS.filter(({ name }) => name !== 'closeWrite' && name !== 'closeRead').map(({ name, call }) => muxedCase(`${name} of both ends gives the memory of a stream back`, async pair => {
    const { near, far } = await pair.stream()
    await call(near)
    await call(far)
    await until(() => pair.scopes.every(({ bytes }) => bytes === 0), 'all is given back')
    assert(!pair.near.isClosed() && !pair.far.isClosed())
  }, { needs: ['reserves'] })),
  muxedCase('a stream that there is no memory for is not opened, and the connection goes on', async pair => {
    await within(assert.rejects(pair.near.openStream(), ResourceLimitExceededError.is), 'it is refused')
    assert.equal(pair.near.isClosed(), false)
    const opened = await within(pair.far.openStream(), 'the remote opens one')
    await opened.write(utf8('x'))
    await within(assert.rejects(opened.read(), isRefusal), 'which is reset')
    assert(!pair.near.isClosed() && !pair.far.isClosed())
  }, { nearScope: { limitBytes: 1_000 }, needs: ['reserves'] }),
  muxedCase('a stream of the remote that there is no memory for is reset alone', async pair => {
    const { near, far } = await pair.stream()
    const refused = await within(pair.near.openStream(), 'the stream')
    await refused.write(utf8('x')).catch(() => {})
    await within(assert.rejects(refused.read(), isRefusal), 'it is reset')
    await near.write(utf8('fine'))
    assert.equal(await readText(far, 4), 'fine')
    await near.close()
    await far.close()
    await until(() => pair.scopes[1].bytes === 0, 'the first is given back')
    await pair.stream()
  }, { farScope: { limitBytes: 500_000 }, needs: ['reserves'] }),
  {
    name: 'a refusal of any reservation leaves nothing behind',
    needs: ['reserves'],
    async run (subject) {
      for (let failAt = 2, done = false; !done; failAt++) { // the first is the connection's own
        for (const nearScope of [{ failAt }, {}]) {
          const farScope = 'failAt' in nearScope ? {} : { failAt }
          await muxedCase('', async pair => {
            const streams: MuxedStream[] = []
            for (let i = 0; i < 3; i++) streams.push(await pair.near.openStream().catch(() => pair.near.openStream()))
            for (const stream of streams) await stream.write(utf8('x')).catch(() => {})
            const read = async (): Promise<void> => { await (await pair.far.acceptStream()).read() }
            await within(Promise.all([read(), read()]), 'two at least get through')
            done = pair.scopes.every(({ calls }) => calls < failAt)
          }, { nearScope, farScope }).run(subject)
        }
      }
    }
  }
]
