import assert from 'node:assert/strict'
import { streamPair } from '@libp2p/utils'
import { StreamReadClosedError, StreamResetError, StreamWriteClosedError } from '@weir/network'
import { CloseTimeoutError, fromStream } from '../src/index.ts'
import { data, FIN, RST, windowUpdate } from './frames.ts'
import { HandClock, settled } from './hand-clock.ts'
import { readAll } from './pair.ts'
import { hasFlag, streamByHand } from './stream-by-hand.ts'

const WINDOW = 262_144
const text = (chunk: Uint8Array | undefined): string | undefined => chunk === undefined ? undefined : Buffer.from(chunk).toString()
const reset = (remote: boolean) => (error: unknown): boolean => StreamResetError.is(error) && error.remote === remote

describe('fromStream', () => {
  it('resets both halves at once', async () => {
    for (const [how, code] of [['reset', 0], ['resetWithError', 0x1003]] as const) {
      const { stream, sent, end } = await streamByHand()
      const rejects = (waiting: Promise<unknown>): Promise<void> => assert.rejects(waiting, (error: unknown) => StreamResetError.is(error) && !error.remote && error.errorCode === code)
      const waiting = [rejects(stream.read()), rejects(stream.write(Buffer.alloc(WINDOW + 1)))]
      stream[how](code)
      assert.equal((await sent()).at(-1)?.flags, RST)
      await Promise.all([...waiting, rejects(stream.read()), rejects(stream.write(Buffer.from('x')))])
      stream.reset()
      end()
    }
  })

  it('shows the cause of an abort to its own users', async () => {
    const { stream, sent, end } = await streamByHand()
    const cause = new Error('a reason')
    const read = assert.rejects(stream.read(), cause)
    stream.abort(cause)
    assert.equal((await sent()).at(-1)?.flags, RST)
    await read
    await assert.rejects(stream.write(Buffer.from('x')), cause)
    end()
  })

  it('closes both halves without waiting for the remote', async () => {
    const { stream, sent, hand, clock, end } = await streamByHand()
    await stream.close()
    assert(hasFlag((await sent()).at(-1), FIN))
    await assert.rejects(stream.read(), StreamReadClosedError)
    await assert.rejects(stream.write(Buffer.from('x')), StreamWriteClosedError)
    assert.equal(clock.armed, 1)
    hand.feed(windowUpdate(1, 0, FIN))
    await settled()
    assert.equal(clock.armed, 0)
    await stream.close()
    end()
  })

  it('resets a closed stream whose remote never ends its side', async () => {
    const { stream, sent, clock, end } = await streamByHand()
    await stream.close()
    await clock.turn(299_999)
    assert(hasFlag((await sent()).at(-1), FIN))
    await clock.turn(1)
    assert.equal((await sent()).at(-1)?.flags, RST)
    assert.equal(clock.armed, 0)
    end()
  })

  it('closes by await using, and resets when that takes too long', async () => {
    const quick = await streamByHand()
    {
      await using stream = quick.stream
      await stream.write(Buffer.from('x'))
    }
    assert.equal((await quick.sent()).at(-1)?.flags, FIN)
    quick.end()

    const slow = await streamByHand(undefined, { closeTimeoutMs: 100 })
    const write = assert.rejects(slow.stream.write(Buffer.alloc(WINDOW + 1)), CloseTimeoutError)
    const disposed = slow.stream[Symbol.asyncDispose]()
    await slow.clock.turn(100)
    await disposed
    await write
    assert.equal((await slow.sent()).at(-1)?.flags, RST)
    slow.end()
  })

  it('reads in for await to the end, and closes reading when it is left early', async () => {
    const { hand, stream, end } = await streamByHand()
    hand.feed(data(1, Buffer.from('one')))
    for await (const chunk of stream) {
      assert.equal(text(chunk), 'one')
      break
    }
    await assert.rejects(stream.read(), StreamReadClosedError)
    await stream.write(Buffer.from('writing goes on'))
    end()
  })

  it('works on a stream that has no connection of ours', async () => {
    const clock = new HandClock()
    const [a, b] = await streamPair()
    const [out, into] = [fromStream(a, { clock }), fromStream(b, { clock })]
    const sent = Buffer.alloc(300_000, 'weir')
    const [, got] = await Promise.all([out.write(sent).then(() => out.close()), readAll(into)])
    assert.deepEqual(got, sent)
    await into.close()
    await settled()
    assert.equal(clock.armed, 0)
    assert.throws(() => fromStream(a, { chunk: 1 } as object), /fromStream has no option chunk/)
  })

  it('knows a stream that was reset before', async () => {
    const [a, b] = await streamPair()
    a.abort(new Error('x'))
    await settled()
    await new Promise(resolve => { setTimeout(resolve, 20) })
    await assert.rejects(fromStream(b).read(), reset(true))
  })
})
