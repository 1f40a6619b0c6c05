import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { leakCheck, ManualClock, until, within } from '@weir/compliance'
import { SOCKET_CLOSE_TIMEOUT_MS } from '../src/defaults.ts'
import { ConnectionClosedError, ConnectionError, fromSocket } from '../src/index.ts'

interface Ends extends AsyncDisposable {
  readonly a: Socket
  readonly b: Socket
}

async function ends (allowHalfOpen = false): Promise<Ends> {
  const listener = createServer({ allowHalfOpen })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const accepted = once(listener, 'connection') as Promise<[Socket]>
  const a = connect({ port: (listener.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen })
  const [[b]] = await Promise.all([accepted, once(a, 'connect')])
  listener.close()
  return {
    a,
    b,
    async [Symbol.asyncDispose] () {
      for (const socket of [a, b]) {
        socket.on('error', () => {})
        if (socket.closed) continue
        const closed = once(socket, 'close')
        socket.destroy()
        await closed
      }
    }
  }
}

// The list of Octez's test_p2p_fd, and what pulls and pushes between. reference/tezos-p2p.md 7
describe('fromSocket', () => {
  let leaks: ReturnType<typeof leakCheck>
  beforeEach(() => { leaks = leakCheck() })
  afterEach(async () => { await leaks.assertNone() })

  it('reads and writes', async () => {
    await using pair = await ends()
    const [a, b] = [fromSocket(pair.a), fromSocket(pair.b)]
    assert.equal(a.write(Buffer.from('hello')), true)
    await within(a.drained(), 'drained')
    assert.equal(Buffer.from((await within(b.read(), 'a read')) as Uint8Array).toString(), 'hello')
  })

  it('reads the end when its peer closes, as often as it is asked', async () => {
    await using pair = await ends()
    const [a, b] = [fromSocket(pair.a), fromSocket(pair.b)]
    await within(a.close(), 'the close')
    for (let i = 0; i < 2; i++) assert.equal(await within(b.read(), 'the end'), undefined)
    await within(b.close(), 'the other close')
  })

  it('says that it was closed here, on reading twice and on writing twice', async () => {
    await using pair = await ends()
    const a = fromSocket(pair.a)
    const pending = a.read()
    a.abort(new ConnectionClosedError('local'))
    const closedHere = (error: unknown): boolean => ConnectionClosedError.is(error) && error.by === 'local'
    await assert.rejects(pending, closedHere)
    for (let i = 0; i < 2; i++) {
      await assert.rejects(a.read(), closedHere)
      assert.equal(a.write(Buffer.from('x')), true)
      await assert.rejects(a.drained(), closedHere)
    }
    await within(a.close(), 'the close')
  })

  it('reads no more than it is asked for: who writes has to wait', async () => {
    await using pair = await ends()
    const [a, b] = [fromSocket(pair.a), fromSocket(pair.b)]
    let written = 0
    while (a.write(Buffer.alloc(65_536)) || pair.a.writableLength < 1_000_000) written += 65_536
    written += 65_536
    await until(() => pair.b.isPaused(), 'the reader is paused')
    assert.ok(pair.a.writableLength > 0)
    const draining = a.drained()
    for (let got = 0; got < written;) got += (await within(b.read(), 'a read'))?.byteLength ?? 0
    await within(draining, 'drained')
    await within(a.drained(), 'drained again')
    assert.equal(pair.a.writableLength, 0)
  })

  it('lets out what was written before it closes, though its peer had more to say', async () => {
    await using pair = await ends()
    const [a, b] = [fromSocket(pair.a), fromSocket(pair.b)]
    b.write(Buffer.from('unread'))
    await until(() => pair.a.bytesRead > 0, 'it has arrived')
    a.write(Buffer.from('last words'))
    const closing = a.close()
    assert.equal(Buffer.from((await within(b.read(), 'a read')) as Uint8Array).toString(), 'last words')
    assert.equal(await within(b.read(), 'the end'), undefined)
    await within(closing, 'the close')
    await within(a.close(), 'the close again')
  })

  it('discards what its peer still says, however much, so that both can end', async () => {
    await using pair = await ends()
    const clock = new ManualClock()
    const [a, b] = [fromSocket(pair.a, { clock }), fromSocket(pair.b, { clock })]
    b.write(Buffer.alloc(20_000_000))
    await until(() => pair.a.isPaused(), 'it has read as much as it may')
    await within(Promise.all([a.close(), b.close()]), 'both ends')
    assert.equal(clock.pendingTimers, 0)
  })

  it('waits for its peer\'s end until the deadline', async () => {
    await using pair = await ends(true)
    const clock = new ManualClock()
    const a = fromSocket(pair.a, { clock })
    const closing = a.close()
    await clock.advanceAsync(SOCKET_CLOSE_TIMEOUT_MS)
    await within(closing, 'the close')
    assert.equal(pair.a.destroyed, true)
    assert.equal(clock.pendingTimers, 0)
  })

  it('has one reader', async () => {
    await using pair = await ends()
    const a = fromSocket(pair.a)
    const first = a.read()
    await assert.rejects(a.read(), TypeError)
    a.abort(new Error('enough'))
    await assert.rejects(first, /enough/)
  })

  it('names what went wrong', async () => {
    for (const [code, check] of [
      ['ECONNRESET', (error: unknown) => ConnectionClosedError.is(error) && error.by === 'peer'],
      ['EPIPE', (error: unknown) => ConnectionClosedError.is(error) && error.by === 'peer'],
      ['ETIMEDOUT', (error: unknown) => ConnectionClosedError.is(error) && error.by === 'lost'],
      ['EBADF', (error: unknown) => ConnectionError.is(error) && (error.cause as NodeJS.ErrnoException).code === 'EBADF']
    ] as const) {
      await using pair = await ends()
      const a = fromSocket(pair.a)
      const reading = a.read()
      pair.a.destroy(Object.assign(new Error(code), { code }))
      await assert.rejects(within(reading, code), check)
      await assert.rejects(a.drained(), check)
    }
  })

  it('fails who waits for a full socket when it is destroyed', async () => {
    await using pair = await ends()
    pair.b.pause()
    const a = fromSocket(pair.a)
    while (pair.a.writableLength < 4_000_000) a.write(Buffer.alloc(65_536))
    const draining = [a.drained(), a.drained()]
    pair.a.destroy()
    for (const each of draining) await assert.rejects(within(each, 'the end'), ConnectionClosedError.is)
  })
})
