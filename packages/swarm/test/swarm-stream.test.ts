import assert from 'node:assert/strict'
import { recordingResourceManager } from '@weir/compliance'
import { DeadlineExceededError, ResourceLimitExceededError, type Stream, StreamReadClosedError, StreamReadPendingError, StreamErrorCode, StreamResetError, StreamWriteClosedError, systemClock } from '@weir/network'
import { echo, readAll, swarmPair, type SwarmPair, until } from './swarm-pair.ts'

/** The two ends of one stream. */
async function streamPair (pair: SwarmPair): Promise<{ near: Stream, far: Stream, returned: () => void }> {
  const opened = Promise.withResolvers<Stream>()
  const { promise, resolve } = Promise.withResolvers<void>()
  pair.b.setStreamHandler(async stream => {
    opened.resolve(stream)
    await promise
  })
  const near = await pair.a.newStream(pair.b.localPeer)
  await near.write(Buffer.from('!')) // a stream may reach the remote with its first bytes only
  const far = await opened.promise
  assert.equal((await far.read())?.toString(), '!')
  return { near, far, returned: resolve }
}

describe('a stream of a swarm', () => {
  it('ends with undefined, and goes on in the other direction', async () => {
    await using pair = await swarmPair()
    const { near, far } = await streamPair(pair)
    await near.write(Buffer.from('question'))
    await near.closeWrite()
    assert.equal((await readAll(far)).toString(), 'question')
    assert.equal(await far.read(), undefined, 'and again')
    await far.write(Buffer.from('answer'))
    await far.close()
    assert.equal((await readAll(near)).toString(), 'answer')
    await near.close()
  })

  it('has one reader', async () => {
    await using pair = await swarmPair()
    const { near, far } = await streamPair(pair)
    const first = near.read()
    await assert.rejects(near.read(), StreamReadPendingError.is)
    await far.write(Buffer.from('x'))
    assert.equal((await first)?.toString(), 'x')
    near.reset()
  })

  it('loses nothing when a read is given up', async () => {
    await using pair = await swarmPair()
    const { near, far } = await streamPair(pair)
    const abort = new AbortController()
    const given = near.read({ signal: abort.signal })
    abort.abort(new Error('enough'))
    await assert.rejects(given, /enough/)
    await far.write(Buffer.from('still here'))
    assert.equal((await near.read())?.toString(), 'still here')
    near.reset()
  })

  // p2p/test/transport, deadlines: of reads
  it('keeps its read deadline, and loses nothing by it', async () => {
    await using pair = await swarmPair()
    const { near, far } = await streamPair(pair)
    near.setReadDeadline(systemClock.monotonicMs() + 20)
    await assert.rejects(near.read(), DeadlineExceededError.is)
    await assert.rejects(near.read(), DeadlineExceededError.is, 'past the deadline at once')
    near.setReadDeadline()
    await far.write(Buffer.from('late'))
    assert.equal((await near.read())?.toString(), 'late')
    near.reset()
  })

  // p2p/test/transport, deadlines: of writes
  it('keeps its write deadline when the remote does not read', async () => {
    await using pair = await swarmPair()
    const { near } = await streamPair(pair)
    near.setWriteDeadline(systemClock.monotonicMs() + 200)
    await assert.rejects(async () => {
      while (true) await near.write(new Uint8Array(64 * 1024))
    }, DeadlineExceededError.is)
    near.reset()
  })

  // p2p/test, backpressure
  it('stops the sender while the reader sleeps', async () => {
    await using pair = await swarmPair()
    const { near, far } = await streamPair(pair)
    let sent = 0
    const total = 8 << 20
    const sending = (async () => {
      const chunk = new Uint8Array(64 * 1024)
      while (sent < total) {
        await near.write(chunk)
        sent += chunk.byteLength
      }
      await near.closeWrite()
    })()
    let before = 0
    for (let quiet = 0; quiet < 3; quiet = sent > 0 && before === sent ? quiet + 1 : 0) { // until nothing moves any more
      before = sent
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    assert(sent > 0 && sent <= 1 << 20, `${sent} bytes were taken for a reader that sleeps`)
    assert.equal((await readAll(far)).byteLength, total)
    await sending
    near.reset()
  })

  it('reads no more after closeRead: a waiting read and later ones reject', async () => {
    await using pair = await swarmPair()
    const { near, far } = await streamPair(pair)
    const waiting = near.read()
    const rejected = assert.rejects(waiting, StreamReadClosedError.is)
    await near.closeRead()
    await rejected
    await assert.rejects(near.read(), StreamReadClosedError.is)
    await near.write(Buffer.from('writing goes on'))
    assert.equal((await far.read())?.toString(), 'writing goes on')
    near.reset()
  })

  it('writes no more after closeWrite', async () => {
    await using pair = await swarmPair()
    const { near } = await streamPair(pair)
    await near.closeWrite()
    await assert.rejects(near.write(Buffer.from('x')), StreamWriteClosedError.is)
    near.reset()
  })

  it('shows a reset to both sides as what it is', async () => {
    await using pair = await swarmPair()
    const { near, far } = await streamPair(pair)
    const waiting = assert.rejects(far.read(), (error: unknown) => StreamResetError.is(error) && error.remote)
    near.reset()
    await waiting
    await assert.rejects(far.write(Buffer.from('x')), StreamResetError.is)
    await assert.rejects(near.read(), (error: unknown) => StreamResetError.is(error) && !error.remote)
    far.reset()
  })

  it('resets a stream that nobody handles, and one whose handler rejects', async () => {
    await using pair = await swarmPair()
    const unhandled = await pair.a.newStream(pair.b.localPeer)
    await assert.rejects(unhandled.read(), { code: 'STREAM_RESET', remote: true, errorCode: StreamErrorCode.protocolNegotiationFailed })
    unhandled.reset()
    pair.b.setStreamHandler(async () => { throw new Error('no') })
    const rejected = await pair.a.newStream(pair.b.localPeer)
    await assert.rejects(rejected.read(), StreamResetError.is)
    rejected.reset()
    pair.b.setStreamHandler(() => { throw new ResourceLimitExceededError({ where: 'local', scope: { kind: 'system' }, resource: 'memory', current: 0, attempted: 1, limit: 0 }) })
    const refused = await pair.a.newStream(pair.b.localPeer)
    await assert.rejects(refused.read(), { code: 'RESOURCE_LIMIT_EXCEEDED', where: 'remote' })
    refused.reset()
    assert.equal(pair.a.conns().length, 1, 'the connection lives')
  })

  it('does not close the stream of a handler that returns', async () => {
    await using pair = await swarmPair()
    const { near, far, returned } = await streamPair(pair)
    returned()
    await far.write(Buffer.from('still open'))
    assert.equal((await near.read())?.toString(), 'still open')
    near.reset()
    far.reset()
  })

  it('holds its scope until it is closed here and its handler has returned, whatever the remote does', async () => {
    const scopes = recordingResourceManager()
    await using pair = await swarmPair({}, { resourceManager: scopes })
    const { near, far, returned } = await streamPair(pair)
    await far.closeRead()
    await far.closeWrite()
    assert.equal(far.conn.streams().length, 1, 'the two halves do not end it')
    const closing = far.close()
    assert.equal(scopes.log.includes('stream.done'), false, 'the handler has not returned')
    returned()
    await until(() => scopes.log.includes('stream.done'), 'the scope ends')
    assert.equal(pair.b.conns()[0]?.streams().length, 0)
    await closing
    near.reset()
  })

  it('ends in every way as often as one likes', async () => {
    await using pair = await swarmPair()
    const { near, far } = await streamPair(pair)
    await near.closeWrite()
    await near.closeWrite()
    await near.closeRead()
    await near.closeRead()
    await near.close()
    await near.close()
    near.reset()
    near.abort(new Error('again'))
    await near[Symbol.asyncDispose]()
    far.reset()
  })

  it('ends with its connection', async () => {
    await using pair = await swarmPair()
    const { near, far } = await streamPair(pair)
    const waiting = [assert.rejects(near.read()), assert.rejects(far.read())]
    await near.conn.close()
    await Promise.all(waiting)
    await assert.rejects(near.write(Buffer.from('x')))
  })

  it('is given to handlers also when it is opened at once, before anybody is ready', async () => {
    await using pair = await swarmPair()
    pair.b.setStreamHandler(echo)
    const conn = await pair.a.dialPeer(pair.b.localPeer)
    const streams = await Promise.all(Array.from({ length: 30 }, async () => await conn.newStream()))
    await Promise.all(streams.map(async (stream, index) => {
      await stream.write(Buffer.from(String(index)))
      await stream.closeWrite()
      assert.equal((await readAll(stream)).toString(), String(index))
      await stream.close()
    }))
  })
})
