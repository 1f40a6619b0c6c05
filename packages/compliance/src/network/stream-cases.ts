import assert from 'node:assert/strict'
import { ConnClosedError, ResourceLimitExceededError, ScopeAttachedError, type Stream, StreamResetError } from '@weir/network'
import { turn } from '../turn.ts'
import { until } from '../until.ts'
import { within } from '../within.ts'
import { echo, patternBytes, readAll, readText, utf8 } from '../muxed-stream/bytes.ts'
import { type NetworkCase, pairCase } from './pair-case.ts'

const isRemoteReset = (error: unknown): boolean => StreamResetError.is(error) && error.remote

async function assertReset (stream: Stream): Promise<void> {
  await within(assert.rejects(stream.read(), StreamResetError.is), 'the stream is reset')
}

/** Streams: how they come to be, who handles them, and what goes through them. */
export const streamCases: readonly NetworkCase[] = [
  pairCase('bytes go both ways', async pair => {
    const { near, far } = await pair.stream()
    await near.write(utf8('question'))
    assert.equal(await readText(far, 8), 'question')
    await far.write(utf8('answer'))
    assert.equal(await readText(near, 6), 'answer')
  }),
  pairCase('a stream opened by the side that was dialled works as well', async pair => {
    const { far } = await pair.connect()
    pair.a.setStreamHandler(echo)
    const stream = await within(far.newStream(), 'b opens a stream')
    await stream.write(utf8('hello'))
    assert.equal(await readText(stream, 5), 'hello')
  }),
  pairCase('2 MiB come back as they went out', async pair => {
    pair.b.setStreamHandler(echo)
    const stream = await within(pair.a.newStream(pair.b.localPeer), 'the stream')
    const sent = patternBytes(2 << 20)
    const received = readAll(stream)
    await within(stream.write(sent), 'all is written')
    await within(stream.closeWrite(), 'the end is sent')
    assert(Buffer.from(sent).equals(await received))
  }),
  pairCase('many streams at once keep their bytes apart', async pair => {
    pair.b.setStreamHandler(echo)
    await Promise.all(Array.from({ length: 64 }, async (_, index) => {
      const stream = await within(pair.a.newStream(pair.b.localPeer), 'the stream')
      const text = `${index}`.repeat(1_000)
      const received = readAll(stream)
      await stream.write(utf8(text))
      await stream.closeWrite()
      assert.equal(Buffer.from(await received).toString(), text)
      await stream.close()
    }))
    assert.equal(pair.a.conns().length, 1)
    assert.equal(pair.a.conns()[0]?.streams().length, 0)
  }),
  pairCase('what was sent before the handler looks is not lost', async pair => {
    const opened = Promise.withResolvers<Stream>()
    pair.b.setStreamHandler(stream => { opened.resolve(stream) })
    const near = await within(pair.a.newStream(pair.b.localPeer), 'the stream')
    await near.write(utf8('early'))
    await near.close()
    const far = await within(opened.promise, 'b hears of the stream')
    await until(() => far.conn.streams().length === 1, 'it is there')
    for (let i = 0; i < 20; i++) await turn()
    assert.equal(Buffer.from(await readAll(far)).toString(), 'early')
  }),
  pairCase('an empty write sends nothing, and no read sees it', async pair => {
    const { near, far } = await pair.stream()
    await near.write(new Uint8Array(0))
    await near.write(utf8('x'))
    await near.write(new Uint8Array(0))
    await near.closeWrite()
    assert.equal(Buffer.from(await readAll(far)).toString(), 'x')
  }),
  pairCase('iterating over a stream gives its bytes until its end', async pair => {
    const { near, far } = await pair.stream()
    await far.write(utf8('all of it'))
    await far.closeWrite()
    let text = ''
    await within((async () => { for await (const bytes of near) text += Buffer.from(bytes).toString() })(), 'the end')
    assert.equal(text, 'all of it')
  }),
  pairCase('a stream has no protocol until it is set, once, which the resource manager hears of', async pair => {
    const { near } = await pair.stream()
    assert.equal(near.protocol, undefined)
    near.setProtocol('/test/1')
    assert.equal(near.protocol, '/test/1')
    assert.throws(() => { near.setProtocol('/other/1') }, ScopeAttachedError.is)
    assert.equal(near.protocol, '/test/1')
    assert.deepEqual(pair.logOfA.filter(line => line.startsWith('stream.setProtocol')), ['stream.setProtocol /test/1', 'stream.setProtocol /other/1 threw SCOPE_ATTACHED'])
  }),
  pairCase('the scopes that users get are those of the resource manager', async pair => {
    const { near } = await pair.stream()
    near.setProtocol('/test/1')
    near.scope.setService('service')
    near.scope.reserveMemory(11, 255)
    near.conn.scope.reserveMemory(12, 255)
    for (const line of ['stream.setService service', 'stream.reserveMemory 11 255', 'conn.reserveMemory 12 255']) assert(pair.logOfA.includes(line), line)
  }),
  pairCase('a connection lists its streams while they are open, each with an id of its own', async pair => {
    const { near, far } = await pair.stream()
    assert.equal(near.conn, pair.a.conns()[0])
    assert.deepEqual([near.conn.streams(), far.conn.streams()], [[near], [far]])
    const second = await within(near.conn.newStream(), 'the second stream')
    assert.equal(near.conn.stat().numStreams, 2)
    assert.notEqual(near.id, second.id)
    near.conn.streams().length = 0
    assert.equal(near.conn.streams().length, 2, 'a copy')
    second.reset()
    await within(near.close(), 'the stream closes')
    assert.deepEqual([near.conn.streams(), near.conn.stat().numStreams], [[], 0])
  }),
  pairCase('a stream knows its direction and counts its bytes', async pair => {
    const { near, far } = await pair.stream() // one byte has gone to the far side
    await near.write(new Uint8Array(100))
    assert.equal((await readText(far, 100)).length, 100)
    await far.write(new Uint8Array(10))
    assert.equal((await readText(near, 10)).length, 10)
    const [mine, theirs] = [near.stat(), far.stat()]
    assert.deepEqual([mine.direction, mine.writtenBytes, mine.readBytes], ['outbound', 101, 10])
    assert.deepEqual([theirs.direction, theirs.writtenBytes, theirs.readBytes], ['inbound', 10, 101])
    const conn = near.conn.stat()
    assert.deepEqual([conn.writtenBytes, conn.readBytes], [101, 10])
    assert(mine.extra instanceof Map)
  }),
  pairCase('a stream that nobody handles is reset', async pair => {
    const stream = await within(pair.a.newStream(pair.b.localPeer), 'the stream')
    await stream.write(utf8('anybody?')).catch(() => {})
    await within(assert.rejects(stream.read(), error => isRemoteReset(error) || ResourceLimitExceededError.is(error)), 'the stream is reset')
    assert.equal(stream.conn.isClosed(), false)
  }),
  ...([
    ['rejects', async () => { throw new Error('of a handler') }],
    ['throws', () => { throw new Error('of a handler') }],
    ['rejects with nothing', () => Promise.reject(undefined)],
    ['rejects with a refusal', async () => { throw new ResourceLimitExceededError({ where: 'local', scope: { kind: 'system' }, resource: 'memory', current: 0, attempted: 1, limit: 0 }) }]
  ] as const).map(([how, handler]) => pairCase(`a handler that ${how} has its stream reset, and the connection goes on`, async pair => {
    pair.b.setStreamHandler(handler)
    const stream = await within(pair.a.newStream(pair.b.localPeer), 'the stream')
    await stream.write(utf8('x')).catch(() => {})
    await within(assert.rejects(stream.read(), error => isRemoteReset(error) || ResourceLimitExceededError.is(error)), 'the stream is reset')
    assert.equal(stream.conn.isClosed(), false)
    await pair.stream()
  })),
  pairCase('a handler that returns leaves its stream open', async pair => {
    const { near, far } = await pair.stream() // the handler has returned
    for (let i = 0; i < 5; i++) await turn()
    await far.write(utf8('still open'))
    assert.equal(await readText(near, 10), 'still open')
  }),
  pairCase('the last handler that was set gets the streams', async pair => {
    const handled: string[] = []
    for (const name of ['first', 'second']) {
      pair.b.setStreamHandler(async stream => {
        handled.push(name)
        await stream.close()
      })
    }
    const stream = await within(pair.a.newStream(pair.b.localPeer), 'the stream')
    await stream.write(utf8('x'))
    await within(stream.read(), 'the end')
    assert.deepEqual(handled, ['second'])
  }),
  pairCase('streams end with their connection, on both sides', async pair => {
    const { near, far } = await pair.stream()
    const isOver = (error: unknown): boolean => StreamResetError.is(error) || ConnClosedError.is(error)
    const reads = [assert.rejects(near.read(), isOver), assert.rejects(far.read(), isOver)]
    await within(near.conn.close(), 'the connection closes')
    await within(Promise.all(reads), 'the reads end')
    assert.deepEqual(near.conn.streams(), [])
    await assert.rejects(near.write(utf8('x')))
    await until(() => far.conn.streams().length === 0, 'b is rid of the stream')
  }),
  pairCase('a reset of one stream leaves the others alone', async pair => {
    const { near } = await pair.stream()
    const { near: other, far: farOther } = await pair.stream()
    near.reset()
    await assertReset(near)
    await farOther.write(utf8('fine'))
    assert.equal(await readText(other, 4), 'fine')
  })
]
