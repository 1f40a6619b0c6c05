import assert from 'node:assert/strict'
import type { MessageStream, StreamCloseEvent } from '@libp2p/interface'
import { nullLogger, toMessageStream } from '../src/index.ts'
import { settled } from './hand-clock.ts'
import { HandConn } from './hand-conn.ts'

function made (): { conn: HandConn, stream: MessageStream, got: string[], closes: StreamCloseEvent[] } {
  const conn = new HandConn()
  const stream = toMessageStream(conn, { direction: 'outbound', log: nullLogger })
  const got: string[] = []
  const closes: StreamCloseEvent[] = []
  stream.addEventListener('close', event => { closes.push(event) })
  return { conn, stream, got, closes }
}

function listen (stream: MessageStream, got: string[]): void {
  stream.addEventListener('message', ({ data }) => { got.push(Buffer.from(data instanceof Uint8Array ? data : data.slice()).toString()) })
}

describe('toMessageStream', () => {
  it('reads only while somebody listens', async () => {
    const { conn, stream, got } = made()
    conn.feed(Buffer.from('a'))
    await settled()
    assert.equal(stream.readBufferLength, 0)
    listen(stream, got)
    await settled()
    assert.deepEqual(got, ['a'])
  })

  it('reads only while it is not paused', async () => {
    const { conn, stream, got } = made()
    listen(stream, got)
    await settled()
    stream.pause()
    for (const s of ['a', 'b', 'c']) conn.feed(Buffer.from(s))
    await settled()
    assert.deepEqual(got, [])
    assert.equal(stream.readBufferLength, 1, 'only the read that waited already')
    stream.resume()
    await settled()
    assert.deepEqual(got, ['a', 'b', 'c'])
  })

  it('sends every byte at once, says when there is no more room, and when there is again', async () => {
    const { conn, stream } = made()
    let drains = 0
    stream.addEventListener('drain', () => { drains++ })
    assert.equal(stream.send(Buffer.from('a')), true)
    for (let round = 1; round <= 3; round++) {
      conn.room = false
      assert.equal(stream.send(Buffer.from('b')), false)
      assert.equal(stream.send(Buffer.from('c')), false)
      const drained = stream.onDrain()
      assert.equal(conn.bytes.toString(), `a${'bc'.repeat(round)}`)
      conn.drain()
      await drained
      assert.equal(drains, round)
      assert.equal(stream.writableNeedsDrain, false)
    }
  })

  it('closes when the connection ends', async () => {
    const { conn, stream, got, closes } = made()
    listen(stream, got)
    conn.feed(Buffer.from('last'))
    conn.finish()
    await settled()
    assert.deepEqual(got, ['last'])
    assert.equal(stream.status, 'closed')
    assert.equal(closes.length, 1)
    assert.equal(closes[0]?.error, undefined)
  })

  it('says what broke the connection', async () => {
    const { conn, stream, got, closes } = made()
    listen(stream, got)
    const cause = new Error('broken')
    conn.abort(cause)
    await settled()
    assert.equal(stream.status, 'aborted')
    assert.equal(closes[0]?.error, cause)
  })

  it('never throws from send, after whatever end', async () => {
    for (const end of ['finish', 'abort', 'close'] as const) {
      const { conn, stream, got } = made()
      listen(stream, got)
      if (end === 'finish') conn.finish()
      else if (end === 'abort') stream.abort(new Error('x'))
      else await stream.close()
      await settled()
      assert.equal(stream.send(Buffer.from('late')), false)
      assert.equal(conn.bytes.length, 0)
    }
  })

  it('ends when the connection breaks while it waits for room', async () => {
    const { conn, stream, closes } = made()
    conn.room = false
    stream.send(Buffer.from('x'))
    const drained = stream.onDrain()
    conn.abort(new Error('broken'))
    await assert.rejects(drained, /broken/)
    assert.equal(closes.length, 1)
  })

  it('closes and aborts the connection', async () => {
    const closing = made()
    await closing.stream.close()
    assert.equal(closing.conn.closed, true)
    assert.equal(closing.stream.status, 'closed')
    const aborting = made()
    const cause = new Error('enough')
    aborting.stream.abort(cause)
    assert.equal(aborting.conn.aborted, cause)
  })

  it('has backpressure in for await, and gives the last bytes', async () => {
    const { conn, stream } = made()
    const got: string[] = []
    for (let i = 0; i < 10; i++) conn.feed(Buffer.from(String(i)))
    conn.finish()
    for await (const chunk of stream) {
      got.push(Buffer.from(chunk.slice()).toString())
      await settled()
      assert.equal(conn.unread, 10 - got.length)
    }
    assert.equal(got.join(''), '0123456789')
    for await (const _ of stream) assert.fail('it has ended')
  })

  it('throws out of for await what broke the connection', async () => {
    const { conn, stream } = made()
    await assert.rejects(async () => {
      conn.feed(Buffer.from('x'))
      for await (const _ of stream) conn.abort(new Error('broken'))
    }, /broken/)
  })
})
