import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { StreamStateError } from '@libp2p/interface'
import { byteStream } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { leakCheck, ManualClock, turn, until } from '@weir/compliance'
import { TcpConnLostError, TcpTimeoutError } from '../src/index.ts'
import { bytes, connPair, dial, fill, hear, type RawConn } from './tcp-pair.ts'

describe('the end of a TcpConn', () => {
  let leaks: ReturnType<typeof leakCheck>
  beforeEach(() => { leaks = leakCheck() })
  afterEach(async () => { await leaks.assertNone() })

  describe('closing', () => {
    it('sends what was written, then ends, at both ends without an error', async () => {
      const clock = new ManualClock()
      await using pair = await connPair({ clock }, { clock })
      const [a, b] = [hear(pair.a), hear(pair.b)]
      pair.a.send(Buffer.alloc(100_000, 'x'))
      const closing = pair.a.close()
      assert.equal(pair.a.status, 'closing')
      assert.throws(() => pair.a.send(bytes('late')), StreamStateError)
      await Promise.all([closing, pair.a.close()])
      assert.deepEqual([await a.closed, await b.closed], [undefined, undefined])
      assert.equal(b.text().length, 100_000)
      assert.deepEqual(b.events, ['remoteCloseWrite', 'end', 'close'])
      assert.deepEqual([pair.a.status, pair.b.status], ['closed', 'closed'])
      assert.ok((pair.a.timeline.close ?? 0) >= pair.a.timeline.open)
      await pair.a.close()
      await pair.b.close()
      assert.equal(clock.pendingTimers, 0)
    })

    it('tells who ended it', async () => {
      await using pair = await connPair()
      const local = (conn: RawConn): Promise<boolean | undefined> => new Promise(resolve => { conn.addEventListener('close', event => { resolve(event.local) }) })
      hear(pair.b)
      const told = Promise.all([local(pair.a), local(pair.b)])
      await pair.a.close()
      assert.deepEqual(await told, [true, false])
    })

    it("the remote's end flushes what was written before, and close waits for it", async () => {
      await using pair = await connPair()
      const [a, b] = [hear(pair.a), hear(pair.b)]
      pair.b.send(Buffer.alloc(50_000, 'y'))
      const socketA = pair.a
      socketA.addEventListener('remoteCloseWrite', () => { void socketA.close() })
      await turn()
      await pair.b.close()
      await a.closed
      assert.equal(a.text().length, 50_000)
      assert.equal(await b.closed, undefined)
    })

    it('what came before the end is read however late, and then it ends', async () => {
      await using pair = await connPair()
      pair.a.send(bytes('last words'))
      await pair.a.close()
      const heard = hear(pair.b)
      assert.equal(await heard.closed, undefined)
      assert.equal(heard.text(), 'last words')
      assert.deepEqual(heard.events, ['remoteCloseWrite', 'end', 'close'])
    })

    it('what was pushed back can be read after the close, and ends reading then', async () => {
      await using pair = await connPair()
      const stream = byteStream(pair.b)
      pair.a.send(bytes('first, second'))
      await stream.read({ bytes: 5 })
      pair.b.pause()
      stream.unwrap()
      const heard = hear(pair.b)
      await pair.a.close()
      await heard.closed
      assert.equal(heard.text(), '')
      assert.ok(!pair.b.readableEnded)
      pair.b.resume()
      await until(() => pair.b.readableEnded, 'the end')
      assert.equal(heard.text(), ', second')
      assert.deepEqual(heard.events, ['remoteCloseWrite', 'close', 'end'])
    })

    it('is bounded in time: a remote that takes nothing is reset', async () => {
      const clock = new ManualClock()
      await using pair = await connPair({ clock, closeTimeoutMs: 700 })
      pair.b.pause()
      await fill(pair.a)
      const heard = hear(pair.a)
      const closing = pair.a.close()
      await turn()
      clock.advance(699)
      assert.equal(pair.a.status, 'closing')
      clock.advance(1)
      await assert.rejects(closing, (error: unknown) => TcpTimeoutError.is(error) && error.what === 'closing' && error.afterMs === 700)
      assert.ok(TcpTimeoutError.is(await heard.closed))
      assert.equal(clock.pendingTimers, 0)
      const cut = hear(pair.b)
      pair.b.resume()
      assert.ok(TcpConnLostError.is(await cut.closed), 'a reset, not an end that looks like one')
    })

    it("the remote's end is bounded in time too", async () => {
      const clock = new ManualClock()
      const server = createServer({ allowHalfOpen: true, pauseOnConnect: true })
      await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
      const remote = new Promise<Socket>(resolve => { server.once('connection', resolve) })
      const conn = await dial(multiaddr(`/ip4/127.0.0.1/tcp/${(server.address() as { port: number }).port}`), { clock, closeTimeoutMs: 700 })
      const heard = hear(conn)
      await fill(conn)
      const socket = await remote
      socket.end() // it ends its side, and never reads ours
      await until(() => conn.status === 'closing', 'the end is seen')
      clock.advance(700)
      assert.ok(TcpTimeoutError.is(await heard.closed))
      const [error] = await once(socket.resume(), 'error').catch((error: unknown) => [error])
      assert.equal(error.code, 'ECONNRESET')
      server.close()
    })

    it('the signal ends the waiting, not the closing', async () => {
      const clock = new ManualClock()
      await using pair = await connPair({ clock })
      pair.b.pause()
      await fill(pair.a)
      const reason = new Error('no patience')
      await assert.rejects(pair.a.close({ signal: AbortSignal.abort(reason) }), reason)
      const controller = new AbortController()
      const closing = pair.a.close({ signal: controller.signal })
      controller.abort(reason)
      await assert.rejects(closing, reason)
      assert.equal(pair.a.status, 'closing')
      pair.a.abort(new Error('now'))
      assert.equal(clock.pendingTimers, 0)
    })
  })

  describe('aborting', () => {
    it('resets, drops what waits in both directions, and is heard in this turn', async () => {
      await using pair = await connPair()
      const [a, b] = [hear(pair.a), hear(pair.b)]
      pair.a.unshift(bytes('unread'))
      pair.a.send(bytes('unsent'))
      const cause = new Error('enough')
      pair.a.abort(cause)
      assert.equal(pair.a.status, 'aborted')
      assert.deepEqual(a.events, ['end', 'close'])
      assert.equal(await a.closed, cause)
      const error = await b.closed
      assert.ok(TcpConnLostError.is(error) && (error.cause as NodeJS.ErrnoException).code === 'ECONNRESET')
      assert.equal(pair.b.status, 'reset')
      assert.deepEqual([a.text(), b.text()], ['', ''])
      pair.a.abort(new Error('again'))
      assert.equal(a.events.length, 2)
      await pair.a.close()
    })

    it('within close too', async () => {
      await using pair = await connPair()
      pair.b.pause()
      await fill(pair.a)
      const closing = pair.a.close()
      const cause = new Error('enough')
      pair.a.abort(cause)
      await assert.rejects(closing, cause)
    })

    it('everything is harmless on what has ended', async () => {
      await using pair = await connPair()
      pair.a.abort(new Error('done'))
      pair.a.pause()
      pair.a.resume()
      pair.a.unshift(bytes('x'))
      pair.a.push(bytes('x'))
      await pair.a.close()
      await turn()
      assert.equal(pair.a.readStatus, 'closed')
      assert.equal(pair.a.writableNeedsDrain, false)
    })
  })
})
