import assert from 'node:assert/strict'
import type { Stream as JsStream, StreamCloseEvent } from '@libp2p/interface'
import { type Conn, type MuxedStream, nullResourceManager, type Stream } from '@weir/network'
import { nullLogger, toStream } from '../src/index.ts'
import { muxedPair, type Pair, QUIET } from './pair.ts'

/** A stream as a swarm would make it of a muxed one, as far as `toStream` looks. */
function asStream (muxed: MuxedStream, protocol: string | undefined = '/test/1'): Stream & { readonly closes: number, readonly closeReads: number } {
  let closes = 0
  let closeReads = 0
  return new Proxy(muxed, {
    get (target, key) {
      if (key === 'id') return 'stream-7'
      if (key === 'protocol') return protocol
      if (key === 'closes') return closes
      if (key === 'closeReads') return closeReads
      if (key === 'conn') return {} as Conn
      if (key === 'scope') return nullResourceManager.openStream({ type: 'x', toString: () => 'x' }, 'inbound')
      if (key === 'stat') return () => ({ direction: 'inbound', openedMs: 0, limited: false, readBytes: 0, writtenBytes: 0, extra: new Map() })
      if (key === 'close') closes++
      if (key === 'closeRead') closeReads++
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    }
  }) as Stream & { readonly closes: number, readonly closeReads: number }
}

const text = (data: Uint8Array | { slice (): Uint8Array }): string => Buffer.from(data.slice()).toString()

async function made (): Promise<{ pair: Pair, js: JsStream, ours: ReturnType<typeof asStream>, other: MuxedStream, closes: StreamCloseEvent[] }> {
  const pair = muxedPair({}, QUIET)
  const { out, into } = await pair.stream()
  const ours = asStream(into)
  const js = toStream(ours, { log: nullLogger })
  const closes: StreamCloseEvent[] = []
  js.addEventListener('close', event => { closes.push(event) })
  return { pair, js, ours, other: out, closes }
}

/** Waits for what the pair below does in its own time. */
async function until (condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i++) await new Promise(resolve => { setTimeout(resolve, 2) })
  assert(condition())
}

describe('toStream', () => {
  it('looks like the stream it is made of', async () => {
    const { js, pair } = await made()
    assert.deepEqual([js.id, js.protocol, js.direction, js.status], ['stream-7', '/test/1', 'inbound', 'open'])
    pair.end()
  })

  it('carries messages both ways', async () => {
    const { js, other, pair } = await made()
    const got: string[] = []
    js.addEventListener('message', ({ data }) => { got.push(text(data)) })
    await other.write(Buffer.from('question'))
    js.send(Buffer.from('answer'))
    assert.equal(Buffer.from(await other.read() ?? []).toString(), 'answer')
    await until(() => got.length > 0)
    assert.equal(got.join(''), 'question')
    pair.end()
  })

  it('keeps the bounds of messages that were sent in one turn, for whoever listens by the next', async () => {
    const { js, other, pair } = await made()
    for (const message of ['one', 'two', 'three']) js.send(Buffer.from(message))
    const got: string[] = []
    while (got.length < 3) got.push(Buffer.from(await other.read() ?? []).toString())
    assert.deepEqual(got, ['one', 'two', 'three'])

    const before = await made()
    await Promise.all(['four', 'five'].map(message => before.other.write(Buffer.from(message))))
    const late = toStream(before.ours, { log: nullLogger })
    await Promise.resolve()
    for await (const chunk of late) {
      got.push(text(chunk))
      if (got.length === 5) break
    }
    assert.deepEqual(got.slice(3), ['four', 'five'])
    pair.end()
    before.pair.end()
  })

  it('lets a bounded number of messages wait, however small they are, and loses none', async () => {
    const { js, other, pair } = await made()
    let sent = 0
    do sent++; while (js.send(Buffer.of(sent)))
    assert.equal(sent, 512)
    for (let i = 0; i < 1_000; i++) js.send(Buffer.of(++sent))
    const closing = js.close()
    let read = 0
    for await (const chunk of other) for (const byte of chunk) assert.equal(byte, ++read & 0xff)
    assert.equal(read, sent)
    await closing
    pair.end()
  })

  it('gives up waiting for its writes when closing is aborted, and loses none of them', async () => {
    const { js, ours, other, pair } = await made()
    const bytes = 400_000
    for (let sent = 0; sent < bytes; sent += 50_000) js.send(new Uint8Array(50_000)) // more than the remote takes unread
    await until(() => !js.writableNeedsDrain)
    const reason = new Error('no time')
    const controller = new AbortController()
    const closing = js.close({ signal: controller.signal })
    controller.abort(reason)
    await assert.rejects(closing, reason)
    let read = 0
    for await (const chunk of other) read += chunk.byteLength
    assert.equal(read, bytes)
    assert.equal(ours.closes, 0)
    await other.close()
    await until(() => js.status === 'closed')
    assert.equal(ours.closes, 1, 'and what it costs is given back when both halves have ended')
    pair.end()
  })

  it('reads only while it is not paused', async () => {
    const { js, other, pair } = await made()
    let got = 0
    js.addEventListener('message', ({ data }) => { got += data.byteLength })
    js.pause()
    let written = 0
    const writing = (async () => {
      while (written < 1 << 20) {
        await other.write(new Uint8Array(16_384))
        written += 16_384
      }
    })()
    await new Promise(resolve => { setTimeout(resolve, 60) })
    assert(written < 600_000, `${written} bytes were taken`)
    assert.equal(got, 0)
    js.resume()
    await writing
    await until(() => got === 1 << 20)
    pair.end()
  })

  it('says that it is full until the bytes are taken under the window, each time anew', async () => {
    const { js, other, pair } = await made()
    let written = 0
    let waits = 0
    const total = 1 << 22
    const writing = (async () => {
      while (written < total) {
        written += 32_768
        if (!js.send(new Uint8Array(32_768))) {
          waits++
          await js.onDrain()
        }
      }
      await js.close()
    })()
    await new Promise(resolve => { setTimeout(resolve, 60) })
    assert(written <= 262_144 + 262_144 + 65_536 + 65_536 + 32_768, `${written} bytes were taken`)
    let read = 0
    for await (const chunk of other) read += chunk.byteLength
    await writing
    assert.equal(read, total)
    assert(waits > 8)
    pair.end()
  })

  it('closes half by half, and closes our stream when both halves have ended', async () => {
    const { js, ours, other, closes, pair } = await made()
    let halves = 0
    js.addEventListener('remoteCloseWrite', () => { halves++ })
    await other.write(Buffer.from('last words'))
    await other.closeWrite()
    await until(() => halves === 1)
    assert.equal(js.status, 'open')
    const got: string[] = []
    js.addEventListener('message', ({ data }) => { got.push(text(data)) })
    await until(() => got.length > 0)
    js.send(Buffer.from('bye'))
    await js.close()
    assert.equal(Buffer.from(await other.read() ?? []).toString(), 'bye')
    assert.equal(await other.read(), undefined)
    assert.equal(js.status, 'closed')
    assert.deepEqual(got, ['last words'])
    assert.equal(closes.length, 1)
    assert.equal(ours.closes, 1)
    pair.end()
  })

  it('is closed at once when both halves are closed here', async () => {
    const { js, ours, closes, pair } = await made()
    await js.closeRead()
    assert.equal(js.status, 'open')
    await js.close()
    assert.equal(js.status, 'closed')
    assert.equal(closes.length, 1)
    assert.equal(ours.closes, 1)
    pair.end()
  })

  it('sees the remote\'s end with the reading half closed, and drops a bounded amount for that', async () => {
    const { js, other, closes, pair } = await made()
    let halves = 0
    js.addEventListener('remoteCloseWrite', () => { halves++ })
    await js.closeRead()
    await other.write(Buffer.alloc(1_000))
    await other.closeWrite()
    await until(() => halves === 1)
    await js.close()
    assert.deepEqual([js.status, closes.length], ['closed', 1])
    pair.end()

    const flooded = await made()
    await flooded.js.closeRead()
    await flooded.other.write(Buffer.alloc(200_000))
    assert.equal(flooded.ours.closeReads, 0)
    const written = flooded.other.write(Buffer.alloc(200_000)).catch(() => {})
    await until(() => flooded.ours.closeReads === 1)
    flooded.pair.end()
    await written
  })

  it('resets and is reset', async () => {
    const local = await made()
    const reading = local.other.read()
    local.js.abort(new Error('enough'))
    await assert.rejects(reading, /reset \(remote\)/)
    assert.equal(local.js.status, 'aborted')
    assert.equal(local.ours.closes, 1)
    local.pair.end()

    const remote = await made()
    remote.other.reset()
    await until(() => remote.closes.length > 0)
    assert.equal(remote.js.status, 'reset')
    assert.equal(remote.closes[0]?.local, false)
    assert.equal(remote.ours.closes, 1)
    remote.pair.end()
  })

  it('is aborted when the connection ends', async () => {
    const { js, closes, pair } = await made()
    pair.end()
    await until(() => closes.length > 0)
    assert.equal(js.status, 'aborted')
    assert.match(String(closes[0]?.error), /ConnClosedError/)
  })

  it('has backpressure in for await, and gives the last bytes', async () => {
    const { js, other, pair } = await made()
    let written = 0
    const writing = (async () => {
      for (; written < 1 << 20; written += 16_384) await other.write(new Uint8Array(16_384))
      await other.closeWrite()
    })()
    let read = 0
    for await (const chunk of js) {
      read += chunk.byteLength
      if (read < 200_000) await new Promise(resolve => { setTimeout(resolve, 5) })
      assert(written - read < 600_000, `${written - read} bytes are held`)
    }
    assert.equal(read, 1 << 20)
    await writing
    await js.close()
    for await (const _ of js) assert.fail('it has ended')
    pair.end()
  })

  it('ends for await although it begins after the remote has ended', async () => {
    const { js, other, pair } = await made()
    await other.write(Buffer.from('all there is'))
    await other.close()
    await until(() => js.remoteWriteStatus === 'closed')
    const got: string[] = []
    for await (const chunk of js) got.push(text(chunk))
    assert.equal(got.join(''), 'all there is')
    pair.end()
  })

  it('holds a bounded number of bytes that nobody listens for', async () => {
    const { js, other, pair } = await made()
    const writing = other.write(new Uint8Array(1 << 20)).catch(() => {})
    await new Promise(resolve => { setTimeout(resolve, 60) })
    assert(js.readBufferLength <= 65_536 + 65_536)
    assert.equal(js.status, 'open')
    pair.end()
    await writing
  })
})
