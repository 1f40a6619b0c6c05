import assert from 'node:assert/strict'
import type { MultiaddrConnection } from '@libp2p/interface'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { ConnClosedError, StreamReadPendingError, type Uint8ArrayList } from '@weir/network'
import { CloseTimeoutError, ConnReleasedError, fromMessageStream } from '../src/index.ts'
import { HandClock, settled } from './hand-clock.ts'

const text = (chunk: Uint8Array | Uint8ArrayList | undefined): string | undefined => chunk === undefined ? undefined : Buffer.from(chunk instanceof Uint8Array ? chunk : chunk.slice()).toString()
const bytes = (s: string): Uint8Array => Buffer.from(s)

/** With what the mock has beyond its interface. */
type Watched = MultiaddrConnection & { readonly readStatus: string, sendPause (): void, sendResume (): void, readonly readBuffer: Uint8ArrayList }

function pair (): [Watched, Watched] {
  return multiaddrConnectionPair({ capacity: 5 }) as [Watched, Watched]
}

describe('fromMessageStream', () => {
  it('reads what was sent, in order, before and after it asks', async () => {
    const [a, b] = pair()
    const conn = fromMessageStream(b)
    const early = conn.read()
    a.send(bytes('one'))
    assert.equal(text(await early), 'one')
    a.send(bytes('two'))
    await settled()
    assert.equal(text(await conn.read()), 'two')
    conn.abort(new Error('done'))
  })

  it('has one reader', async () => {
    const [, b] = pair()
    const conn = fromMessageStream(b)
    const first = conn.read()
    await assert.rejects(conn.read(), StreamReadPendingError)
    conn.abort(new Error('done'))
    await assert.rejects(first, /done/)
  })

  it('pauses the stream when nobody reads, and goes on when somebody does, losing nothing', async () => {
    const [a, b] = pair()
    const conn = fromMessageStream(b, { maxReadBufferBytes: 1_000 })
    let sent = 0
    let stopped = 0
    while (stopped < 3) {
      if (a.writableNeedsDrain) {
        await settled()
        if (a.writableNeedsDrain) stopped++
        continue
      }
      a.send(new Uint8Array(500).fill(sent / 500))
      sent += 500
      assert(sent < 100_000, 'the sender is never stopped')
    }
    assert.equal(b.readStatus, 'paused')
    let read = 0
    while (read < sent) {
      const chunk = await conn.read()
      assert(chunk !== undefined)
      for (const byte of chunk instanceof Uint8Array ? chunk : chunk.slice()) assert.equal(byte, Math.floor(read++ / 500) % 256)
    }
    assert.equal(read, sent)
    conn.abort(new Error('done'))
  })

  it('does not let a pause be undone by the resume it happens in', async () => {
    const [a, b] = pair()
    const conn = fromMessageStream(b, { maxReadBufferBytes: 100 })
    a.send(new Uint8Array(101))
    await settled()
    b.readBuffer.append(new Uint8Array(200)) // was on its way when the stream was paused
    const calls: string[] = []
    const { sendPause, sendResume } = b
    b.sendPause = () => { calls.push('pause'); sendPause.call(b) }
    b.sendResume = () => { calls.push('resume'); sendResume.call(b) }
    await conn.read() // empties the queue; the next read resumes, and gets more at once than there is room for
    await conn.read()
    assert.deepEqual(calls, ['resume', 'pause'], 'the stream below must not go on')
    assert.equal(b.readStatus, 'paused')
    conn.abort(new Error('done'))
  })

  it('gives what is left when the remote closes, then the end', async () => {
    const [a, b] = pair()
    const conn = fromMessageStream(b)
    a.send(bytes('last'))
    await a.close()
    await settled()
    assert.equal(text(await conn.read()), 'last')
    assert.equal(await conn.read(), undefined)
    assert.equal(await conn.read(), undefined)
    await assert.rejects(conn.drained(), (error: unknown) => ConnClosedError.is(error) && error.remote)
  })

  it('ends a waiting read when the remote closes', async () => {
    const [a, b] = pair()
    const conn = fromMessageStream(b)
    const waiting = conn.read()
    await a.close()
    assert.equal(await waiting, undefined)
  })

  it('rejects with a closed connection when the remote resets it, after what came before', async () => {
    const [a, b] = pair()
    const conn = fromMessageStream(b)
    a.send(bytes('before'))
    await settled()
    a.abort(new Error('away'))
    await settled()
    assert.equal(text(await conn.read()), 'before')
    await assert.rejects(conn.read(), (error: unknown) => ConnClosedError.is(error) && error.remote)
  })

  it('rejects with the cause of its own abort, synchronously ended', async () => {
    const [, b] = pair()
    const conn = fromMessageStream(b)
    const waiting = conn.read()
    const cause = new Error('enough')
    conn.abort(cause)
    assert.equal(b.status, 'aborted')
    await assert.rejects(waiting, cause)
    await assert.rejects(conn.read(), cause)
    await assert.rejects(conn.drained(), cause)
    conn.abort(new Error('twice'))
    await assert.rejects(conn.read(), cause)
  })

  it('never throws from write, and ends the connection with what the stream threw', async () => {
    const [, b] = pair()
    const conn = fromMessageStream(b)
    const cause = new Error('cannot send')
    b.send = () => { throw cause }
    assert.equal(conn.write(bytes('x')), false)
    await assert.rejects(conn.read(), cause)
    assert.equal(conn.write(bytes('y')), false)
  })

  it('drains as often as it has to', async () => {
    const [a] = pair()
    const conn = fromMessageStream(a)
    for (let round = 0; round < 3; round++) {
      while (conn.write(new Uint8Array(10)));
      await conn.drained()
      assert.equal(a.writableNeedsDrain, false)
    }
    await conn.drained()
    conn.abort(new Error('done'))
  })

  it('rejects who waits for room when the connection ends', async () => {
    const [a, b] = pair()
    const conn = fromMessageStream(a)
    b.pause()
    await settled()
    while (conn.write(new Uint8Array(10)));
    const waiting = conn.drained()
    conn.abort(new Error('over'))
    await assert.rejects(waiting, /over/)
  })

  it('closes once what was written is sent', async () => {
    const [a, b] = pair()
    const conn = fromMessageStream(a)
    const other = fromMessageStream(b)
    conn.write(bytes('bye'))
    await Promise.all([conn.close(), conn.close()])
    assert.equal(text(await other.read()), 'bye')
    assert.equal(await other.read(), undefined)
    assert.equal(await conn.read(), undefined)
    assert.equal(conn.write(bytes('late')), false)
  })

  it('aborts when closing takes too long', async () => {
    const clock = new HandClock()
    const [a] = pair()
    const conn = fromMessageStream(a, { clock, closeTimeoutMs: 500 })
    a.close = () => new Promise(() => {})
    const closing = conn.close()
    await clock.turn(499)
    assert.equal(a.status, 'open')
    await clock.turn(1)
    await closing
    assert.equal(a.status, 'aborted')
    await assert.rejects(conn.read(), CloseTimeoutError)
    assert.equal(clock.armed, 0)
  })

  it('gives the stream back as it was', async () => {
    const [a, b] = pair()
    const conn = fromMessageStream(b, { maxReadBufferBytes: 4 })
    a.send(bytes('first'))
    await settled()
    a.send(bytes('second'))
    await settled()
    assert.equal(b.readStatus, 'paused')
    assert.equal(conn.release(), b)
    assert.equal(b.readStatus, 'readable')
    for (const type of ['message', 'end']) assert.equal(b.listenerCount(type), 0)
    const next = fromMessageStream(b)
    let got = ''
    while (got.length < 11) got += text(await next.read())
    assert.equal(got, 'firstsecond')
    await assert.rejects(conn.read(), ConnReleasedError)
    await assert.rejects(conn.drained(), ConnReleasedError)
    assert.equal(conn.write(bytes('x')), false)
    conn.abort(new Error('not mine'))
    await conn.close()
    assert.equal(b.status, 'open')
    assert.throws(() => conn.release(), ConnReleasedError)
    next.abort(new Error('done'))
  })

  it('does not give the stream back while a read waits', async () => {
    const [, b] = pair()
    const conn = fromMessageStream(b)
    const waiting = conn.read()
    assert.throws(() => conn.release(), StreamReadPendingError)
    conn.abort(new Error('done'))
    await assert.rejects(waiting)
  })

  it('sees the end of a stream that ended before', async () => {
    const [a, b] = pair()
    await a.close()
    await settled()
    assert.equal(await fromMessageStream(b).read(), undefined)
  })

  it('knows its options', () => {
    const [, b] = pair()
    assert.throws(() => fromMessageStream(b, { maxBytes: 3 } as object), /fromMessageStream has no option maxBytes/)
    assert.throws(() => fromMessageStream(b, { maxReadBufferBytes: 0 }), RangeError)
    assert.throws(() => fromMessageStream(b, { closeTimeoutMs: Number.NaN }), RangeError)
  })
})
