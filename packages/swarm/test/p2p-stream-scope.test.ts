import assert from 'node:assert/strict'
import { recordingResourceManager, turn } from '@weir/compliance'
import type { Stream } from '@weir/network'
import { swarmPair, until } from './swarm-pair.ts'

const ENDS: Record<string, (stream: Stream) => unknown> = {
  close: stream => stream.close(),
  reset: stream => { stream.reset() },
  resetWithError: stream => { stream.resetWithError(42) },
  abort: stream => { stream.abort(new Error('enough')) },
  asyncDispose: stream => stream[Symbol.asyncDispose]()
}

// reference/go-libp2p.md 5.7: with a remote that neither reads nor answers nor ends
describe('the scope of a stream', () => {
  for (const [name, end] of Object.entries(ENDS)) {
    it(`outbound, ends in the turn of ${name}, whatever the remote does, and not with its two halves`, async () => {
      const scopes = recordingResourceManager()
      await using pair = await swarmPair({ resourceManager: scopes })
      pair.b.setStreamHandler(async () => await new Promise(() => {}))
      const stream = await pair.a.newStream(pair.b.localPeer)
      await stream.write(Buffer.from('x'))
      await stream.closeRead()
      await stream.closeWrite()
      assert.deepEqual([scopes.log.includes('stream.done'), stream.conn.streams().length], [false, 1])
      const ending = end(stream)
      assert.deepEqual([scopes.log.includes('stream.done'), stream.conn.streams().length], [true, 0])
      await ending
    })

    it(`inbound, ends in the turn in which the handler returns behind ${name}, whatever the remote does`, async () => {
      const scopes = recordingResourceManager()
      await using pair = await swarmPair({}, { resourceManager: scopes })
      const [accepted, returned] = [Promise.withResolvers<Stream>(), Promise.withResolvers<void>()]
      pair.b.setStreamHandler(async stream => {
        accepted.resolve(stream)
        await returned.promise
      })
      const near = await pair.a.newStream(pair.b.localPeer)
      await near.write(Buffer.from('x'))
      const stream = await accepted.promise
      await stream.closeRead()
      await stream.closeWrite()
      const ending = end(stream)
      await turn()
      assert.deepEqual([scopes.log.includes('stream.done'), stream.conn.streams().length], [false, 1], 'the handler has not returned')
      returned.resolve()
      await until(() => scopes.log.includes('stream.done'), 'the scope ends')
      assert.equal(stream.conn.streams().length, 0)
      await ending
    })
  }

  it('of a handler that has returned goes on until the stream is ended', async () => {
    const scopes = recordingResourceManager()
    await using pair = await swarmPair({}, { resourceManager: scopes })
    const accepted = Promise.withResolvers<Stream>()
    pair.b.setStreamHandler(accepted.resolve)
    const near = await pair.a.newStream(pair.b.localPeer)
    await near.write(Buffer.from('x'))
    const stream = await accepted.promise
    await turn()
    await stream.closeRead()
    await stream.closeWrite()
    assert.equal(scopes.log.includes('stream.done'), false)
    stream.reset()
    assert.equal(scopes.log.at(-1), 'stream.done')
  })
})
