import assert from 'node:assert/strict'
import type { MuxedStream } from '@weir/network'
import { toWebStreams } from '../src/index.ts'
import { type BytePipe, bytePipeCases } from './byte-pipe.ts'
import { muxedPair, QUIET, readAll } from './pair.ts'

function webPipe (stream: MuxedStream): BytePipe {
  const { readable, writable } = toWebStreams(stream)
  const reader = readable.getReader()
  const writer = writable.getWriter()
  return {
    read: async () => (await reader.read()).value,
    async write (bytes) {
      await writer.ready
      await writer.write(bytes)
    },
    end: async () => { await writer.close() },
    stopReading: async () => { await reader.cancel() },
    abort: cause => { writer.abort(cause).catch(() => {}) },
    failed: async () => await reader.closed.then(() => undefined, (error: unknown) => error)
  }
}

describe('toWebStreams', () => {
  bytePipeCases(webPipe)

  it('goes through pipes, and ends as they end', async () => {
    const pair = muxedPair({}, QUIET)
    const { out, into } = await pair.stream()
    const echo = toWebStreams(into)
    const done = echo.readable.pipeTo(echo.writable)
    const sent = Buffer.alloc(1_000_000, 'weir')
    const [got] = await Promise.all([readAll(out), out.write(sent).then(() => out.closeWrite()), done])
    assert.deepEqual(got, sent)
    pair.end()
  })

  it('asks for one piece at a time', async () => {
    const pair = muxedPair({}, QUIET)
    const { into } = await pair.stream()
    const { writable } = toWebStreams(into)
    const writer = writable.getWriter()
    assert.equal(writer.desiredSize, 1)
    const writing = writer.write(new Uint8Array(4))
    assert.equal(writer.desiredSize, 0)
    await writing
    assert.equal(writer.desiredSize, 1)
    pair.end()
  })

  it('aborts with a reason that is no error, too', async () => {
    const pair = muxedPair({}, QUIET)
    const { into } = await pair.stream()
    const { readable, writable } = toWebStreams(into)
    await writable.abort('enough')
    await assert.rejects(readable.getReader().read(), (error: unknown) => error === 'enough')
    await assert.rejects(into.read(), { message: 'aborted: enough', cause: 'enough' })
    pair.end()
  })

  it('fails both halves when the end cannot be sent', async () => {
    const pair = muxedPair({}, QUIET)
    const { into } = await pair.stream()
    const { readable, writable } = toWebStreams(new Proxy(into, {
      get (target, key) {
        if (key === 'closeWrite') return async () => { throw new Error('stuck') }
        const value: unknown = Reflect.get(target, key)
        return typeof value === 'function' ? value.bind(target) : value
      }
    }))
    await assert.rejects(writable.close(), { message: 'stuck' })
    await assert.rejects(readable.getReader().read(), { message: 'stuck' })
    pair.end()
  })
})
