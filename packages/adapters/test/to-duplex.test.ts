import assert from 'node:assert/strict'
import { once } from 'node:events'
import { finished, pipeline } from 'node:stream/promises'
import type { MuxedStream } from '@weir/network'
import { toDuplex } from '../src/index.ts'
import { type BytePipe, bytePipeCases } from './byte-pipe.ts'
import { muxedPair, QUIET, readAll } from './pair.ts'

function duplexPipe (stream: MuxedStream): BytePipe {
  const duplex = toDuplex(stream)
  return {
    async read () {
      for (;;) {
        const chunk = duplex.read() as Buffer | null
        if (chunk !== null) return chunk
        if (duplex.errored !== null) throw duplex.errored
        if (duplex.readableEnded) return undefined
        const waits = new AbortController()
        await Promise.race(['readable', 'end'].map(async event => { await once(duplex, event, { signal: waits.signal }) })).finally(() => { waits.abort() })
      }
    },
    async write (bytes) {
      if (duplex.errored !== null) throw duplex.errored
      if (!duplex.write(bytes)) await once(duplex, 'drain')
    },
    async end () {
      duplex.end()
      await finished(duplex, { readable: false })
    },
    stopReading: undefined,
    abort: cause => { duplex.destroy(cause) },
    failed: async () => duplex.errored
  }
}

describe('toDuplex', () => {
  bytePipeCases(duplexPipe)

  it('goes through pipelines, and ends as they end', async () => {
    const pair = muxedPair({}, QUIET)
    const { out, into } = await pair.stream()
    const duplex = toDuplex(into)
    const sent = Buffer.alloc(1_000_000, 'weir')
    const [got] = await Promise.all([readAll(out), out.write(sent).then(() => out.closeWrite()), pipeline(duplex, duplex)])
    assert.deepEqual(got, sent)
    if (!duplex.closed) await once(duplex, 'close')
    pair.end()
  })

  it('flows', async () => {
    const pair = muxedPair({}, QUIET)
    const { out, into } = await pair.stream()
    const duplex = toDuplex(into)
    let bytes = 0
    duplex.on('data', (chunk: Buffer) => { bytes += chunk.byteLength })
    await out.write(new Uint8Array(600_000))
    await out.closeWrite()
    await once(duplex, 'end')
    assert.equal(bytes, 600_000)
    pair.end()
  })

  it('resets the stream when it is left before its end', async () => {
    const pair = muxedPair({}, QUIET)
    const { out, into } = await pair.stream()
    await out.write(Buffer.from('first'))
    for await (const chunk of toDuplex(into)) {
      assert.equal(String(chunk), 'first')
      break
    }
    await assert.rejects(async () => { await out.read() }, { code: 'STREAM_RESET', remote: true })
    pair.end()
  })

  it('resets the stream when it is destroyed without a reason', async () => {
    const pair = muxedPair({}, QUIET)
    const { out, into } = await pair.stream()
    toDuplex(into).destroy()
    await assert.rejects(async () => { await out.read() }, { code: 'STREAM_RESET', remote: true })
    pair.end()
  })

  it('ends no process when nobody listens for errors', async () => {
    const pair = muxedPair({}, QUIET)
    const { out, into } = await pair.stream()
    const duplex = toDuplex(into)
    const closed = new Promise(resolve => { duplex.on('close', resolve) })
    duplex.resume()
    await out.write(Buffer.from('x'))
    out.reset()
    await closed
    assert.equal((duplex.errored as { code?: string } | null)?.code, 'STREAM_RESET')
    pair.end()
  })

  it('closes without a reset after both halves have ended', async () => {
    const pair = muxedPair({}, QUIET)
    const { out, into } = await pair.stream()
    const duplex = toDuplex(into)
    duplex.end('bye')
    await out.closeWrite()
    duplex.resume()
    await once(duplex, 'close')
    assert.equal(duplex.errored, null)
    assert.equal((await readAll(out)).toString(), 'bye')
    pair.end()
  })

  it('is destroyed with what could not be sent', async () => {
    const pair = muxedPair({}, QUIET)
    const { out, into } = await pair.stream()
    const duplex = toDuplex(into)
    out.reset()
    duplex.resume()
    duplex.end('late')
    await assert.rejects(finished(duplex), { code: 'STREAM_RESET' })
    pair.end()
  })
})
