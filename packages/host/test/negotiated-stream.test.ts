import assert from 'node:assert/strict'
import { assertNoTimers, ManualClock, turn } from '@weir/compliance'
import { handle, lazySelect, NegotiationError, ProtocolNotSupportedError } from '@weir/multistream'
import { DeadlineExceededError, StreamErrorCode, StreamReadClosedError, StreamReadPendingError, StreamResetError } from '@weir/network'
import { Uint8ArrayList } from 'uint8arraylist'
import { NegotiatedStream } from '../src/negotiated-stream.ts'
import { anyPeer, fakeConn } from './fake-conn.ts'
import { type MemoryStream, streamPair } from './memory-stream.ts'

const PROTOCOL = '/weir/test/1.0.0'
const PREFIX_BYTES = lazySelect(PROTOCOL).prefix.byteLength
const conn = fakeConn(await anyPeer())

interface Setup {
  readonly stream: NegotiatedStream
  readonly inner: MemoryStream
  readonly remote: MemoryStream
  readonly clock: ManualClock
  readonly refusals: string[]
}

function optimistic (): Setup {
  const clock = new ManualClock()
  const [inner, remote] = streamPair(conn, conn, clock)
  inner.setProtocol(PROTOCOL)
  inner.log.length = 0
  const refusals: string[] = []
  const stream = new NegotiatedStream({ stream: inner, lazy: lazySelect(PROTOCOL), clock, answerTimeoutMs: 10_000, onRefused: () => { refusals.push(PROTOCOL) } })
  return { stream, inner, remote, clock, refusals }
}

function behindAnswer (rest: Uint8Array): { stream: NegotiatedStream, inner: MemoryStream, remote: MemoryStream } {
  const [inner, remote] = streamPair(conn)
  return { inner, remote, stream: new NegotiatedStream({ stream: inner, rest, clock: new ManualClock(), answerTimeoutMs: 10_000 }) }
}

const text = (bytes: Uint8Array | undefined): string | undefined => bytes === undefined ? undefined : Buffer.from(bytes).toString()

describe('NegotiatedStream', () => {
  describe('behind an agreement', () => {
    it('gives back what came behind the answer, then what the stream brings', async () => {
      const { stream, remote } = behindAnswer(Buffer.from('rest'))
      await remote.write(Buffer.from('more'))
      assert.equal(text(await stream.read()), 'rest')
      assert.equal(text(await stream.read()), 'more')
      await remote.closeWrite()
      assert.equal(await stream.read(), undefined)
    })

    it('keeps what came behind the answer from a reader that has closed', async () => {
      const { stream } = behindAnswer(Buffer.from('rest'))
      await stream.closeRead()
      await assert.rejects(stream.read(), StreamReadClosedError.is)
    })

    it('gives none of it after a reset', async () => {
      const { stream } = behindAnswer(Buffer.from('rest'))
      stream.reset()
      await assert.rejects(stream.read(), StreamResetError.is)
    })

    it('loses nothing of it to a read that was given up', async () => {
      const { stream } = behindAnswer(Buffer.from('rest'))
      await assert.rejects(stream.read({ signal: AbortSignal.abort(new Error('given up')) }), /given up/)
      assert.equal(text(await stream.read()), 'rest')
    })

    it('passes the rest on to the stream below', async () => {
      const { stream, inner, remote } = behindAnswer(Buffer.from('rest'))
      assert.equal(stream.id, inner.id)
      assert.equal(stream.conn, inner.conn)
      assert.equal(stream.scope, inner.scope)
      assert.deepEqual(stream.stat(), inner.stat())
      stream.setProtocol(PROTOCOL)
      assert.equal(stream.protocol, PROTOCOL)
      await stream.write(new Uint8ArrayList(Buffer.from('a'), Buffer.from('b')))
      assert.equal(text(await remote.read()), 'ab')
      await stream.closeWrite()
      assert.equal(await remote.read(), undefined)
      await stream.close()
      await stream.close()
      assert.equal(inner.ended, true)
    })

    it('is iterated and disposed as a stream is', async () => {
      const { stream, remote } = behindAnswer(Buffer.from('a'))
      await remote.write(Buffer.from('b'))
      await remote.closeWrite()
      assert.equal(text(Buffer.concat(await Array.fromAsync(stream))), 'ab')
      const { stream: disposed, inner } = behindAnswer(Buffer.from('a'))
      { await using _ = disposed }
      assert.equal(inner.ended, true)
    })
  })

  describe('optimistic', () => {
    it('sends the proposal and the first bytes in one write, before anything was read', async () => {
      const { stream, inner, remote } = optimistic()
      await stream.write(Buffer.from('hello'))
      await stream.write(Buffer.from('again'))
      assert.deepEqual(inner.log, [`write ${PREFIX_BYTES + 5}`, 'write 5'])
      const { protocol, rest } = await handle(remote, [PROTOCOL])
      assert.equal(protocol, PROTOCOL)
      assert.equal(text(rest), 'hello')
    })

    it('sends the proposal with a list of buffers too', async () => {
      const { stream, remote } = optimistic()
      await stream.write(new Uint8ArrayList(Buffer.from('hel'), Buffer.from('lo')))
      assert.equal(text((await handle(remote, [PROTOCOL])).rest), 'hello')
    })

    it('reads behind the answer, in one chunk with it or not', async () => {
      const { stream, remote } = optimistic()
      const reading = stream.read()
      await handle(remote, [PROTOCOL])
      await remote.write(Buffer.from('first'))
      assert.equal(text(await reading), 'first')
      const joined = optimistic()
      joined.remote.log.length = 0
      await joined.remote.write(Buffer.concat([lazySelect(PROTOCOL).prefix, Buffer.from('with the answer')])) // the echo is the same bytes
      assert.equal(text(await joined.stream.read()), 'with the answer')
    })

    it('reads an answer that comes byte by byte', async () => {
      const { stream, remote } = optimistic()
      const reading = stream.read()
      for (const byte of Buffer.concat([lazySelect(PROTOCOL).prefix, Buffer.from('x')])) await remote.write(Uint8Array.of(byte))
      assert.equal(text(await reading), 'x')
    })

    it('sees the end of a stream that ended behind the answer', async () => {
      const { stream, remote } = optimistic()
      const reading = stream.read()
      await handle(remote, [PROTOCOL])
      await remote.closeWrite()
      assert.equal(await reading, undefined)
    })

    it('tells of a refusal on read, forgets what was known, and ends the stream', async () => {
      const { stream, inner, remote, refusals } = optimistic()
      await stream.write(Buffer.from('hello'))
      const answering = handle(remote, ['/other']).catch(() => {})
      await assert.rejects(stream.read(), (error: unknown) => ProtocolNotSupportedError.is(error) && error.protocols[0] === PROTOCOL)
      assert.deepEqual(refusals, [PROTOCOL])
      assert.equal(inner.log.at(-1), `reset 0x${StreamErrorCode.protocolNegotiationFailed.toString(16)}`)
      await assert.rejects(stream.read(), ProtocolNotSupportedError.is)
      await assert.rejects(stream.write(Buffer.from('more')), ProtocolNotSupportedError.is)
      await stream.close()
      await answering
    })

    it('tells of a remote that answers nonsense', async () => {
      const { stream, remote, refusals } = optimistic()
      await remote.write(Buffer.from('\u0005nope\n'))
      await assert.rejects(stream.read(), (error: unknown) => NegotiationError.is(error) && error.fault === 'bad-header')
      assert.deepEqual(refusals, [PROTOCOL])
    })

    it('tells of a remote that ends instead of answering', async () => {
      const { stream, remote, refusals } = optimistic()
      await remote.closeWrite()
      await assert.rejects(stream.read(), (error: unknown) => NegotiationError.is(error) && error.fault === 'unexpected-end')
      assert.deepEqual(refusals, [PROTOCOL])
    })

    it('doubts what it knew when the remote resets instead of answering', async () => {
      const { stream, remote, refusals } = optimistic()
      await stream.write(Buffer.from('hello'))
      remote.reset()
      await assert.rejects(stream.read(), StreamResetError.is)
      assert.deepEqual(refusals, [PROTOCOL])
      await assert.rejects(stream.read(), StreamResetError.is)
      await stream.close()
      await turn()
      assert.deepEqual(refusals, [PROTOCOL], 'once')
    })

    it('does not doubt it for a reset of our own', async () => {
      const { stream, refusals } = optimistic()
      const reading = stream.read()
      stream.resetWithError(StreamErrorCode.rateLimited)
      await assert.rejects(reading, StreamResetError.is)
      stream.abort(new Error('again'))
      assert.deepEqual(refusals, [])
    })

    it('loses no byte of the answer to a read that was given up or expired', async () => {
      const { stream, remote, clock } = optimistic()
      const giveUp = new AbortController()
      const reading = stream.read({ signal: giveUp.signal })
      const [first, ...others] = Buffer.concat([lazySelect(PROTOCOL).prefix, Buffer.from('x')])
      await remote.write(Uint8Array.of(first ?? 0))
      giveUp.abort(new Error('given up'))
      await assert.rejects(reading, /given up/)
      stream.setReadDeadline(5)
      await assert.rejects(Promise.all([stream.read(), clock.advanceAsync(6)]), DeadlineExceededError.is)
      stream.setReadDeadline()
      await remote.write(Uint8Array.from(others))
      assert.equal(text(await stream.read()), 'x')
      assertNoTimers(clock)
    })

    it('has one reader', async () => {
      const { stream, remote } = optimistic()
      const reading = stream.read()
      await assert.rejects(stream.read(), StreamReadPendingError.is)
      await remote.write(Buffer.concat([lazySelect(PROTOCOL).prefix, Buffer.from('x')]))
      assert.equal(text(await reading), 'x')
    })

    it('sends the proposal before the end when nothing was written', async () => {
      const { stream, inner, remote } = optimistic()
      await stream.closeWrite()
      assert.deepEqual(inner.log, [`write ${PREFIX_BYTES}`, 'closeWrite'])
      await handle(remote, [PROTOCOL])
      await remote.write(Buffer.from('answer'))
      assert.equal(text(await stream.read()), 'answer')
    })

    it('works when it is closed before any read: the remote gets all, and the stream ends when the answer has come', async () => {
      const { stream, inner, remote, clock } = optimistic()
      await stream.write(Buffer.from('fire and forget'))
      await stream.close()
      await stream.close()
      assert.equal(inner.ended, false, 'the answer would meet a stream that is gone')
      await assert.rejects(stream.read(), StreamReadClosedError.is)
      const { rest } = await handle(remote, [PROTOCOL])
      assert.equal(text(rest), 'fire and forget')
      assert.equal(await remote.read(), undefined)
      await turn()
      assert.equal(inner.ended, true)
      assert.deepEqual(inner.log, [`write ${PREFIX_BYTES + 15}`, 'closeWrite', 'close'])
      assertNoTimers(clock)
    })

    it('ends a closed stream that is never answered', async () => {
      const { stream, inner, clock } = optimistic()
      await stream.close()
      assert.equal(inner.ended, false)
      await clock.advanceAsync(10_000)
      assert.equal(inner.ended, true)
      assert.equal(inner.log.at(-1), 'reset 0x0')
      assertNoTimers(clock)
    })

    it('learns of a refusal after it was closed', async () => {
      const { stream, inner, remote, refusals } = optimistic()
      await stream.close()
      await assert.rejects(handle(remote, ['/other']), (error: unknown) => NegotiationError.is(error) || StreamResetError.is(error))
      await turn()
      assert.deepEqual(refusals, [PROTOCOL])
      assert.equal(inner.ended, true)
    })

    it('can be closed after the remote has reset it', async () => {
      const { stream, inner, remote } = optimistic()
      remote.reset()
      await stream.close()
      await turn()
      assert.equal(inner.ended, true)
    })

    it('wakes a waiting read when reading is closed, and reads the answer all the same', async () => {
      const { stream, inner, remote } = optimistic()
      const reading = stream.read()
      await stream.closeRead()
      await assert.rejects(reading, StreamReadClosedError.is)
      await assert.rejects(stream.read(), StreamReadClosedError.is)
      await handle(remote, [PROTOCOL])
      await turn()
      assert.ok(inner.log.includes('closeRead'))
      await stream.write(Buffer.from('writing goes on'))
      assert.equal(text(await remote.read()), 'writing goes on')
      await stream.close()
      assert.equal(inner.ended, true)
    })

    it('keeps the proposal for the next write when one did not begin, and ends when the first one fails', async () => {
      const { stream, inner, remote } = optimistic()
      await assert.rejects(stream.write(Buffer.from('a'), { signal: AbortSignal.abort(new Error('not now')) }), /not now/)
      await stream.write(Buffer.from('b'))
      assert.equal(text((await handle(remote, [PROTOCOL])).rest), 'b')
      assert.equal(inner.ended, false)
      const failing = optimistic()
      failing.remote.reset()
      await assert.rejects(failing.stream.write(Buffer.from('a')), StreamResetError.is)
      assert.equal(failing.inner.ended, true)
    })

    it('is disposed in bounded time', async () => {
      const { stream, inner, clock } = optimistic()
      { await using _ = stream }
      await clock.advanceAsync(10_000)
      assert.equal(inner.ended, true)
      assertNoTimers(clock)
    })
  })
})
