import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { StreamStateError } from '@libp2p/interface'
import { byteStream } from '@libp2p/utils'
import { fromMessageStream } from '@weir/adapters'
import { leakCheck, turn, until, within } from '@weir/compliance'
import { Uint8ArrayList } from 'uint8arraylist'
import { TcpBufferFullError } from '../src/index.ts'
import { bytes, connPair, fill, hear, listening, plain, portOf } from './tcp-pair.ts'

const MIB = 1_048_576

describe('TcpConn', () => {
  let leaks: ReturnType<typeof leakCheck>
  beforeEach(() => { leaks = leakCheck() })
  afterEach(async () => { await leaks.assertNone() })

  describe('sending', () => {
    it('sends bytes and lists, small and large, in order', async () => {
      await using pair = await connPair()
      const heard = hear(pair.b)
      const large = Buffer.alloc(300_000, 'x')
      pair.a.send(bytes('one '))
      pair.a.send(new Uint8ArrayList(bytes('two '), bytes('three ')))
      pair.a.send(new Uint8ArrayList(large, bytes(' end')))
      await until(() => heard.text().endsWith(' end'), 'all arrives')
      assert.equal(heard.text(), `one two three ${large} end`)
    })

    it('sends what one turn writes in one piece', async () => {
      await using pair = await connPair()
      const heard = hear(pair.b)
      await turn()
      for (const word of ['header ', 'payload ', 'tag']) pair.a.send(bytes(word))
      await until(() => heard.chunks.length > 0, 'arrives')
      assert.deepEqual(heard.chunks.map(String), ['header payload tag'])
    })

    it('says when there is no room, and then, each time, when there is', async () => {
      await using pair = await connPair()
      pair.b.pause()
      let got = 0
      pair.b.addEventListener('message', ({ data }) => { got += data.byteLength })
      let drains = 0
      pair.a.addEventListener('drain', () => { drains++ })
      let sent = 0
      for (let round = 1; round <= 3; round++) {
        sent += await fill(pair.a)
        assert.ok(pair.a.writableNeedsDrain)
        assert.ok(pair.a.writeBufferLength > 0)
        const before = drains
        const drained = pair.a.onDrain()
        pair.b.resume()
        await within(drained, 'there is room')
        assert.ok(drains > before)
        assert.ok(!pair.a.writableNeedsDrain)
        await until(() => got === sent, 'all arrives')
        pair.b.pause()
      }
    })

    it('through fromMessageStream, 16 MiB against a reader that takes its time, with little held', async () => {
      await using pair = await connPair()
      const writer = fromMessageStream(pair.a)
      const reader = fromMessageStream(pair.b)
      let most = 0
      const writing = (async () => {
        for (let i = 0; i < 256; i++) {
          if (!writer.write(new Uint8ArrayList(new Uint8Array(2), new Uint8Array(65_518), new Uint8Array(16)))) await writer.drained()
          most = Math.max(most, pair.a.writeBufferLength)
        }
        await writer.close()
      })()
      let got = 0
      for (let chunk = await reader.read(); chunk !== undefined; chunk = await reader.read()) {
        got += chunk.byteLength
        most = Math.max(most, pair.b.readBufferLength)
        if (got % 7 === 0) await turn()
      }
      await writing
      assert.equal(got, 256 * 65_536)
      assert.ok(most <= 4 * 65_536, `${most} bytes were held`)
    })

    it('resets a connection whose user goes on though there is no room', async () => {
      await using pair = await connPair({ maxWriteBufferBytes: 2 * MIB })
      pair.b.pause()
      const heard = hear(pair.a)
      await fill(pair.a)
      while (pair.a.status === 'open') {
        assert.equal(pair.a.send(new Uint8Array(65_536)), false)
        assert.ok(pair.a.writeBufferLength <= 2 * MIB)
      }
      const error = await heard.closed
      assert.ok(TcpBufferFullError.is(error) && error.buffer === 'write' && error.limit === 2 * MIB && error.bytes > error.limit)
      assert.throws(() => pair.a.send(bytes('x')), StreamStateError)
    })

    it('takes one write of any size when there is room', async () => {
      await using pair = await connPair({ maxWriteBufferBytes: 1_024 })
      const heard = hear(pair.b)
      assert.equal(pair.a.send(new Uint8Array(MIB)), false)
      await until(() => Buffer.concat(heard.chunks).byteLength === MIB, 'all arrives')
      assert.equal(pair.a.status, 'open')
    })
  })

  describe('reading', () => {
    it('waits for a listener, and a listener that is added within a constructor hears nothing in that turn', async () => {
      await using pair = await connPair()
      pair.a.send(bytes('early'))
      for (let i = 0; i < 5; i++) await turn()
      let heard = 0
      pair.b.addEventListener('message', () => { heard++ })
      assert.equal(heard, 0)
      await until(() => heard === 1, 'the listener hears')
    })

    it('paused, it holds the remote back, and what is read ahead is bounded', async () => {
      await using pair = await connPair()
      let got = 0
      pair.b.addEventListener('message', ({ data }) => { got += data.byteLength })
      pair.b.pause()
      assert.equal(pair.b.readStatus, 'paused')
      await fill(pair.a)
      assert.equal(got, 0)
      assert.ok(pair.b.readBufferLength <= 2 * 65_536, `${pair.b.readBufferLength} bytes are held`)
      pair.b.resume()
      assert.equal(pair.b.readStatus, 'readable')
      await until(() => got > 65_536, 'it goes on')
    })

    it('without a listener it stops too, and once is once', async () => {
      await using pair = await connPair()
      const chunks: string[] = []
      const listen = (): void => { pair.b.addEventListener('message', ({ data }) => { chunks.push(Buffer.from(plain(data)).toString()) }, { once: true }) }
      listen()
      pair.a.send(bytes('one'))
      await until(() => chunks.length === 1, 'the first')
      pair.a.send(bytes('two'))
      for (let i = 0; i < 5; i++) await turn()
      assert.deepEqual(chunks, ['one'])
      listen()
      await until(() => chunks.length === 2, 'the second')
    })

    it('a pause in the middle of a message keeps the rest', async () => {
      await using pair = await connPair()
      const heard = hear(pair.b)
      pair.b.addEventListener('message', () => { pair.b.pause() })
      pair.a.send(bytes('one'))
      await until(() => heard.text() === 'one', 'one')
      pair.a.send(bytes('two'))
      for (let i = 0; i < 5; i++) await turn()
      assert.equal(heard.text(), 'one')
      pair.b.resume()
      await until(() => heard.text() === 'onetwo', 'two')
    })

    it('what is pushed back comes first, whoever listens next', async () => {
      await using pair = await connPair()
      const stream = byteStream(pair.b)
      pair.a.send(bytes('negotiation, then more'))
      assert.equal(Buffer.from((await stream.read({ bytes: 11 })).subarray()).toString(), 'negotiation')
      stream.unwrap()
      assert.equal(pair.b.readBufferLength, 11)
      pair.b.push(bytes(' and'))
      pair.b.unshift(bytes('|'))
      pair.b.push(new Uint8Array(0))
      pair.a.send(bytes(' last'))
      await turn()
      const heard = hear(pair.b)
      await until(() => heard.text().endsWith('last'), 'all')
      assert.equal(heard.text(), '|, then more and last')
    })

    it('what a listener pushes back comes before what was read already', async () => {
      await using pair = await connPair()
      pair.b.addEventListener('message', () => { pair.b.pause() }, { once: true })
      pair.a.send(bytes('start'))
      await until(() => pair.b.readStatus === 'paused', 'it has begun to read')
      for (const [word, bytesRead] of [['one', 3], ['two', 6], ['three', 11]] as const) {
        pair.a.send(bytes(word))
        await until(() => pair.b.readBufferLength === bytesRead, 'it is read by itself')
      }
      const heard = hear(pair.b)
      pair.b.addEventListener('message', () => { pair.b.unshift(bytes('!')) }, { once: true })
      pair.b.resume()
      await until(() => heard.text().endsWith('three'), 'all')
      assert.equal(heard.text(), 'one!twothree')
    })

    it('what is pushed back while paused waits for resume', async () => {
      await using pair = await connPair()
      const heard = hear(pair.b)
      pair.b.pause()
      pair.b.unshift(bytes('back'))
      for (let i = 0; i < 3; i++) await turn()
      assert.equal(heard.text(), '')
      pair.b.resume()
      await until(() => heard.text() === 'back', 'it comes')
    })

    it('more pushed back than may resets it', async () => {
      await using pair = await connPair({}, { maxReadBufferBytes: 10 })
      const heard = hear(pair.b)
      pair.b.pause()
      pair.b.unshift(new Uint8Array(10))
      pair.b.unshift(new Uint8Array(1))
      const error = await heard.closed
      assert.ok(TcpBufferFullError.is(error) && error.buffer === 'read' && error.bytes === 11)
      pair.b.unshift(new Uint8Array(1)) // too late: nobody will read it
      assert.equal(pair.b.readBufferLength, 0)
    })

    it('iterates, with the remote held back, to the end', async () => {
      await using pair = await connPair()
      pair.a.send(Buffer.alloc(MIB))
      void pair.a.close()
      let got = 0
      for await (const chunk of pair.b) {
        got += chunk.byteLength
        await turn()
        assert.ok(pair.b.readBufferLength <= 2 * 65_536)
      }
      assert.equal(got, MIB)
      assert.ok(pair.b.readableEnded)
    })
  })

  it('many at once: every byte arrives, and nothing is left', async () => {
    await using server = await listening()
    const sockets = Array.from({ length: 200 }, () => connect(portOf(server.addr), '127.0.0.1'))
    await until(() => server.accepted.length === 200, 'all are accepted')
    const heard = server.accepted.map(conn => hear(conn))
    for (const socket of sockets) socket.end('hello')
    await Promise.all(heard.map(async ({ closed }) => { assert.equal(await closed, undefined) }))
    assert.ok(heard.every(one => one.text() === 'hello'))
    for (const socket of sockets) socket.destroy()
  })
})
