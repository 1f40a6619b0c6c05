import assert from 'node:assert/strict'
import { ConnClosedError, type MuxedConn, type MuxedStream, StreamResetError } from '@weir/network'
import { echo, patternBytes, readAll, readText, utf8 } from '../muxed-stream/bytes.ts'
import { aborted } from '../trait-aborted.ts'
import { afterClose } from '../trait-after-close.ts'
import { closedTwice } from '../trait-closed-twice.ts'
import { turn } from '../turn.ts'
import { until } from '../until.ts'
import { within } from '../within.ts'
import { type MultiplexerCase, muxedCase, onMuxedPair } from './muxed-case.ts'

const isClosed = (remote: boolean) => (error: unknown): boolean => ConnClosedError.is(error) && error.remote === remote

const ENDS: readonly { readonly name: string, readonly call: (conn: MuxedConn) => unknown }[] = [
  { name: 'close', call: conn => conn.close() },
  { name: 'closeWithError', call: conn => conn.closeWithError(0x1006) },
  { name: 'abort', call: conn => { conn.abort(new Error('enough')) } }
]

async function echoAll (conn: MuxedConn): Promise<void> {
  try {
    while (true) void echo(await conn.acceptStream()).catch(() => {})
  } catch {
    // the connection has ended
  }
}

/** Connections: opening and accepting streams, and how all of them end with it. */
export const muxedConnCases: readonly MultiplexerCase[] = [
  muxedCase('streams open from both ends', async pair => {
    for (const [opener, acceptor] of [[pair.near, pair.far], [pair.far, pair.near]] as const) {
      const opened = await within(opener.openStream(), 'the stream')
      await opened.write(utf8('hello'))
      const accepted = await within(acceptor.acceptStream(), 'the other end')
      assert.equal(await readText(accepted, 5), 'hello')
      await accepted.write(utf8('answer'))
      assert.equal(await readText(opened, 6), 'answer')
    }
  }),
  muxedCase('a stream that was opened and not written to is accepted', async pair => {
    const opened = await within(pair.near.openStream(), 'the stream')
    const accepted = await within(pair.far.acceptStream(), 'the other end')
    await accepted.write(utf8('first word'))
    assert.equal(await readText(opened, 10), 'first word')
  }),
  muxedCase('2 MiB come back as they went out', async pair => {
    void echoAll(pair.far)
    const stream = await within(pair.near.openStream(), 'the stream')
    const sent = patternBytes(2 << 20)
    const received = readAll(stream)
    await within(stream.write(sent), 'all is written')
    await within(stream.closeWrite(), 'the end is sent')
    assert(Buffer.from(sent).equals(await received))
  }),
  muxedCase('1,000 streams one after another and 200 at once keep their bytes apart', async pair => {
    void echoAll(pair.far)
    const ask = async (index: number): Promise<void> => {
      const stream = await within(pair.near.openStream(), 'the stream')
      await stream.write(utf8(`number ${index}`))
      await stream.closeWrite()
      assert.equal(Buffer.from(await readAll(stream)).toString(), `number ${index}`)
      await stream.close()
    }
    for (let i = 0; i < 1_000; i++) await ask(i)
    await Promise.all(Array.from({ length: 200 }, (_, i) => ask(i)))
  }),
  muxedCase('a stream that nobody reads holds up no other', async pair => {
    const { near: stuck } = await pair.stream()
    const writing = stuck.write(new Uint8Array(32 << 20))
    writing.catch(() => {})
    const { near, far } = await pair.stream()
    await near.write(utf8('through'))
    assert.equal(await readText(far, 7), 'through')
    stuck.reset()
    await assert.rejects(writing, StreamResetError.is)
  }),
  muxedCase('what was sent before the stream is accepted is not lost', async pair => {
    const opened = await within(pair.near.openStream(), 'the stream')
    await opened.write(utf8('early'))
    await opened.closeWrite()
    for (let i = 0; i < 10; i++) await turn()
    assert.equal(Buffer.from(await readAll(await within(pair.far.acceptStream(), 'the other end'))).toString(), 'early')
  }),
  muxedCase('streams are accepted in the order in which they were opened, by who has waited longest', async pair => {
    const accepting = [pair.far.acceptStream(), pair.far.acceptStream()]
    for (const word of ['first', 'later']) await (await within(pair.near.openStream(), 'the stream')).write(utf8(word))
    const [first, later] = await within(Promise.all(accepting), 'both are accepted')
    assert(first !== undefined && later !== undefined)
    assert.deepEqual([await readText(first, 5), await readText(later, 5)], ['first', 'later'])
  }),
  muxedCase('a reset of one stream leaves the others alone', async pair => {
    const { near } = await pair.stream()
    const { near: other, far: farOther } = await pair.stream()
    near.reset()
    await within(assert.rejects(near.read(), StreamResetError.is), 'the stream is reset')
    await farOther.write(utf8('fine'))
    assert.equal(await readText(other, 4), 'fine')
  }),
  ...onMuxedPair(aborted<MuxedConn>([
    { name: 'openStream', call: (conn, signal) => conn.openStream({ signal }) },
    { name: 'acceptStream', call: (conn, signal) => conn.acceptStream({ signal }), waits: true }
  ]), 'a connection', pair => pair.near),
  muxedCase('an acceptStream that was given up takes no stream', async pair => {
    const controller = new AbortController()
    const accepting = assert.rejects(pair.far.acceptStream({ signal: controller.signal }))
    controller.abort()
    await within(accepting, 'it gives up')
    await pair.stream()
  }),
  ...ENDS.flatMap(({ name, call }) => [
    muxedCase(`${name} ends the connection, its streams and all who wait, on both sides`, async pair => {
      const { near, far } = await pair.stream()
      const { near: blocked } = await pair.stream()
      const isOver = (error: unknown): boolean => ConnClosedError.is(error) || StreamResetError.is(error)
      const waiting: Promise<unknown>[] = [near.read(), far.read(), blocked.write(new Uint8Array(32 << 20)), pair.near.acceptStream(), pair.far.acceptStream()]
      const ended = waiting.map(each => assert.rejects(each, isOver))
      await within(Promise.resolve(call(pair.near)), name)
      assert.equal(pair.near.isClosed(), true)
      await within(Promise.all(ended), 'all who wait are told')
      await until(() => pair.far.isClosed(), 'the other end is closed too')
      for (const conn of [pair.near, pair.far]) await assert.rejects(conn.openStream(), ConnClosedError.is)
      for (const stream of [near, far]) await assert.rejects(stream.write(utf8('x')), isOver)
      assert(pair.below[0].ended && pair.below[1].ended, 'and so is the connection below')
    }),
    muxedCase(`${name} ends it in the same turn`, async pair => {
      const ending = call(pair.near)
      assert.equal(pair.near.isClosed(), true)
      assert.deepEqual([pair.scopes[0].bytes, pair.scopes[0].spans], [0, 0])
      await within(Promise.resolve(ending), name)
    })
  ]),
  muxedCase('both sides know who closed it', async pair => {
    const [near, far] = [pair.near.acceptStream(), pair.far.acceptStream()]
    const ended = [assert.rejects(near, isClosed(false)), assert.rejects(far, isClosed(true))]
    await within(pair.near.close(), 'close')
    await within(Promise.all(ended), 'both are told')
  }),
  muxedCase('the end of the connection below ends it', async pair => {
    const { far } = await pair.stream()
    const reading = assert.rejects(far.read(), ConnClosedError.is)
    pair.below[0].abort(new Error('the cable'))
    await within(reading, 'the read')
    await until(() => pair.near.isClosed() && pair.far.isClosed(), 'both ends are closed')
  }),
  muxedCase('abort shows its cause to all who wait here', async pair => {
    const cause = new Error('the cause')
    const { near } = await pair.stream()
    const shows = (error: unknown): boolean => ConnClosedError.is(error) && !error.remote && error.cause === cause
    const waiting = [assert.rejects(near.read(), shows), assert.rejects(pair.near.acceptStream(), shows)]
    pair.near.abort(cause)
    await within(Promise.all(waiting), 'both are told')
  }),
  muxedCase('what a finished stream has sent stays readable behind the end of the connection', async pair => {
    const { near, far } = await pair.stream()
    await near.write(utf8('the last word'))
    await near.close()
    for (let i = 0; i < 10; i++) await turn()
    await within(pair.near.close(), 'close')
    await until(() => pair.far.isClosed(), 'the other end is closed')
    assert.equal(Buffer.from(await readAll(far)).toString(), 'the last word')
  }),
  muxedCase('what a stream was not written to its end looks torn when the connection is closed', async pair => {
    const { near, far } = await pair.stream()
    await near.write(utf8('half'))
    await within(pair.near.close(), 'close')
    await assert.rejects(readAll(far), error => ConnClosedError.is(error) || StreamResetError.is(error))
  }),
  ...onMuxedPair(afterClose<MuxedConn>([
    { name: 'openStream', call: conn => conn.openStream(), refuses: isClosed(false) },
    { name: 'acceptStream', call: conn => conn.acceptStream(), refuses: isClosed(false) },
    ...ENDS
  ], conn => conn.close()), 'a connection', pair => pair.near),
  ...onMuxedPair(closedTwice<MuxedConn>(ENDS), 'a connection', pair => pair.near),
  ...onMuxedPair(afterClose<MuxedStream>([
    { name: 'reset', call: stream => { stream.reset() } },
    { name: 'abort', call: stream => { stream.abort(new Error('late')) } },
    { name: 'close', call: stream => stream.close() }
  ], () => {}).map(({ name, run }) => ({ name: name.replace('after close', 'after the end of the connection'), run })), 'a stream', async pair => {
    const { near } = await pair.stream()
    pair.near.abort(new Error('over'))
    return near
  })
]
