import assert from 'node:assert/strict'
import type { MuxedStream } from '@weir/network'
import { muxedPair, QUIET } from './pair.ts'

/** What an adapter of a stream looks like from the outside, whatever its API. */
export interface BytePipe {
  /** The next bytes, or `undefined` at the end. */
  read (): Promise<Uint8Array | undefined>
  /** Offers bytes. Resolves when the pipe asks for more. */
  write (bytes: Uint8Array): Promise<void>
  end (): Promise<void>
  /** Stops reading, where the API can end one half. */
  stopReading: (() => Promise<void>) | undefined
  abort (cause: Error): void
  /** What it failed with. */
  failed (): Promise<unknown>
}

const WINDOW_BYTES = 262_144
// What lies between: the pause of the reader below, the pieces on their way and the pair in memory.
const SLACK_BYTES = 262_144
const TOTAL_BYTES = 2 << 20
const PIECE_BYTES = 16_384

interface Made {
  readonly pipe: BytePipe
  /** The stream of the other side. */
  readonly remote: MuxedStream
  /** How often the adapter called each function of its stream. */
  calls (name: keyof MuxedStream): number
  end (): void
}

async function made (adapt: (stream: MuxedStream) => BytePipe): Promise<Made> {
  const pair = muxedPair({}, QUIET)
  const { out, into } = await pair.stream()
  const calls = new Map<string | symbol, number>()
  const counted = new Proxy(into, {
    get (target, key) {
      calls.set(key, (calls.get(key) ?? 0) + 1)
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    }
  })
  return { pipe: adapt(counted), remote: out, calls: name => calls.get(name) ?? 0, end: () => { pair.end() } }
}

/** Runs until nothing moves any more. */
async function still (progress: () => number): Promise<void> {
  for (let quiet = 0, last = progress(); quiet < 10;) {
    await new Promise(resolve => { setTimeout(resolve, 5) })
    quiet = progress() === last ? quiet + 1 : 0
    last = progress()
  }
}

/** What every adapter of a stream has to keep: backpressure both ways, every byte, both halves, and every end. */
export function bytePipeCases (adapt: (stream: MuxedStream) => BytePipe): void {
  const pattern = Uint8Array.from({ length: PIECE_BYTES }, (_, index) => index % 251)
  const piece = (number: number): Uint8Array => pattern.map(byte => byte ^ number & 0xff)

  it('a reader that sleeps stops the remote, and gets every byte when it wakes', async () => {
    const { pipe, remote, end } = await made(adapt)
    let written = 0
    const writing = (async () => {
      for (let n = 0; written < TOTAL_BYTES; n++) {
        await remote.write(piece(n))
        written += PIECE_BYTES
      }
      await remote.closeWrite()
    })()
    await still(() => written)
    assert(written <= WINDOW_BYTES + SLACK_BYTES, `${written} bytes were taken of a remote that nobody reads`)
    const chunks: Uint8Array[] = []
    for (let chunk = await pipe.read(); chunk !== undefined; chunk = await pipe.read()) chunks.push(chunk)
    await writing
    assert.deepEqual(Buffer.concat(chunks), Buffer.concat(Array.from({ length: TOTAL_BYTES / PIECE_BYTES }, (_, n) => piece(n))))
    end()
  })

  it('a remote that sleeps stops the writer, and gets every byte when it wakes', async () => {
    const { pipe, remote, end } = await made(adapt)
    let written = 0
    const writing = (async () => {
      for (let n = 0; written < TOTAL_BYTES; n++) {
        await pipe.write(piece(n))
        written += PIECE_BYTES
      }
      await pipe.end()
    })()
    await still(() => written)
    assert(written <= WINDOW_BYTES + SLACK_BYTES, `${written} bytes were asked for that the remote does not read`)
    const chunks: Uint8Array[] = []
    for await (const chunk of remote) chunks.push(chunk)
    await writing
    assert.deepEqual(Buffer.concat(chunks), Buffer.concat(Array.from({ length: TOTAL_BYTES / PIECE_BYTES }, (_, n) => piece(n))))
    end()
  })

  it('reads nothing ahead', async () => {
    const { pipe, remote, calls, end } = await made(adapt)
    await remote.write(new Uint8Array(100_000))
    await still(() => calls('read'))
    assert.equal(calls('read'), 0)
    assert((await pipe.read())?.byteLength)
    assert.equal(calls('read'), 1)
    end()
  })

  it('sends its end and reads on, and closes the stream once both halves have ended', async () => {
    const { pipe, remote, calls, end } = await made(adapt)
    await pipe.write(Buffer.from('question'))
    await pipe.end()
    assert.equal(Buffer.from(await remote.read() ?? []).toString(), 'question')
    assert.equal(await remote.read(), undefined)
    assert.equal(calls('close'), 0)
    await remote.write(Buffer.from('answer'))
    await remote.close()
    assert.equal(Buffer.from(await pipe.read() ?? []).toString(), 'answer')
    assert.equal(await pipe.read(), undefined)
    await still(() => calls('close'))
    assert.equal(calls('close'), 1)
    end()
  })

  it('reads the end first and writes on, and closes the stream once both halves have ended', async () => {
    const { pipe, remote, calls, end } = await made(adapt)
    await remote.closeWrite()
    assert.equal(await pipe.read(), undefined)
    assert.equal(calls('close'), 0)
    await pipe.write(Buffer.from('late'))
    await pipe.end()
    assert.equal(Buffer.from(await remote.read() ?? []).toString(), 'late')
    assert.equal(await remote.read(), undefined)
    assert.equal(calls('close'), 1)
    end()
  })

  it('fails both halves with what the remote did', async () => {
    const { pipe, remote, end } = await made(adapt)
    const reading = pipe.read()
    remote.reset()
    await assert.rejects(reading, { code: 'STREAM_RESET', remote: true })
    assert.equal((await pipe.failed() as { code?: string }).code, 'STREAM_RESET')
    await assert.rejects(pipe.write(Buffer.from('x')))
    end()
  })

  it('survives a remote that resets while nobody looks', async () => {
    const { pipe, remote, end } = await made(adapt)
    await pipe.write(Buffer.from('x'))
    await remote.read()
    remote.reset()
    await new Promise(resolve => { setTimeout(resolve, 20) })
    await assert.rejects(async () => {
      await pipe.read()
      await pipe.read()
    }, { code: 'STREAM_RESET' })
    end()
  })

  it('an abort resets the stream, whatever waits', async () => {
    const { pipe, remote, end } = await made(adapt)
    const writing = (async () => {
      for (let n = 0; n < TOTAL_BYTES / PIECE_BYTES; n++) await pipe.write(piece(n))
    })()
    const reading = pipe.read()
    const outcome = Promise.allSettled([writing, reading])
    await still(() => 0)
    pipe.abort(new Error('enough'))
    assert.deepEqual((await outcome).map(({ status }) => status), ['rejected', 'rejected'])
    await assert.rejects(async () => {
      while (await remote.read() !== undefined);
    }, { code: 'STREAM_RESET', remote: true })
    end()
  })

  it('ends with its connection', async () => {
    const { pipe, end } = await made(adapt)
    const reading = pipe.read()
    end()
    await assert.rejects(reading)
    await assert.rejects(pipe.write(Buffer.from('x')))
  })

  it('stops reading and writes on', async () => {
    const { pipe, remote, calls, end } = await made(adapt)
    if (pipe.stopReading === undefined) {
      end()
      return
    }
    const reading = pipe.read()
    await pipe.stopReading()
    assert.equal(await reading, undefined)
    await pipe.write(Buffer.from('still here'))
    assert.equal(Buffer.from(await remote.read() ?? []).toString(), 'still here')
    assert.equal(calls('close'), 0)
    await pipe.end()
    assert.equal(await remote.read(), undefined)
    assert.equal(calls('close'), 1)
    end()
  })
}
