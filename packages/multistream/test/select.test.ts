import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Uint8ArrayList } from 'uint8arraylist'
import { NegotiationError, type NegotiationFault, ProtocolNotSupportedError } from '../src/errors.ts'
import { handle } from '../src/handle.ts'
import { select } from '../src/select.ts'
import { bytes, cutAt, ScriptedStream, streamPair } from './scripted-stream.ts'

const HEADER = '\x13/multistream/1.0.0\n'

async function faultOf (...chunks: readonly Uint8Array[]): Promise<NegotiationFault> {
  const error = await select(new ScriptedStream(chunks), ['/noise']).catch((error: unknown) => error)
  assert.ok(NegotiationError.is(error), String(error))
  return error.fault
}

describe('select', () => {
  it('sends header and first proposal in one write', async () => {
    const stream = new ScriptedStream([bytes(HEADER), bytes(0x07, '/noise\n')])
    assert.deepEqual(await select(stream, ['/noise']), { protocol: '/noise', rest: new Uint8Array(0) })
    assert.deepEqual(stream.written, [`${HEADER}\x07/noise\n`])
  })

  it('goes on to the next proposal at a no', async () => {
    const stream = new ScriptedStream([bytes(HEADER, '\x03na\n'), bytes('\x03na\n'), bytes('\x03/c\n')])
    assert.equal((await select(stream, ['/a', '/b', '/c'])).protocol, '/c')
    assert.deepEqual(stream.written, [`${HEADER}\x03/a\n`, '\x03/b\n', '\x03/c\n'])
  })

  it('names all proposals when all are refused', async () => {
    const stream = new ScriptedStream([bytes(HEADER, '\x03na\n'), bytes('\x03na\n')])
    await assert.rejects(select(stream, ['/a', '/b']), error => {
      assert.ok(ProtocolNotSupportedError.is(error))
      assert.deepEqual(error.protocols, ['/a', '/b'])
      return true
    })
  })

  it('gives back what came behind the answer', async () => {
    const { rest } = await select(new ScriptedStream([bytes(HEADER, '\x07/noise\n', 'early data')]), ['/noise'])
    assert.equal(Buffer.from(rest).toString(), 'early data')
  })

  it('reads lists of buffers as well', async () => {
    const list = new Uint8ArrayList(bytes(HEADER, '\x07/no'), bytes('ise\n', 'x'))
    const stream = { read: async () => list, write: async () => {} }
    assert.equal(Buffer.from((await select(stream, ['/noise'])).rest).toString(), 'x')
  })

  it('reads no chunk more than it needs, and loses no byte, however the answer is cut', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 40, size: 'max' }), async (data, sizes) => {
      const answer = bytes(HEADER, '\x07/noise\n')
      const chunks = cutAt(bytes(answer, data), sizes)
      const stream = new ScriptedStream(chunks)
      const { rest } = await select(stream, ['/noise'])
      assert.deepEqual(Buffer.concat([rest, ...stream.unread]), Buffer.from(data))
      let needed = 0
      for (let have = 0; have < answer.byteLength; needed++) have += chunks[needed]?.byteLength ?? 0
      assert.equal(stream.reads, needed)
    }))
  })

  it('says what the remote did wrong', async () => {
    assert.equal(await faultOf(bytes('\x05/foo\n')), 'bad-header')
    assert.equal(await faultOf(bytes('\x03na\n')), 'bad-header')
    assert.equal(await faultOf(bytes('HTTP/1.1 400 Bad Request\r\n'.repeat(5))), 'malformed-message')
    assert.equal(await faultOf(bytes(HEADER, '\x05/foo\n')), 'unexpected-answer')
    assert.equal(await faultOf(bytes(HEADER), bytes(0xff, 0xff, 0xff, 0xff)), 'message-too-long')
    assert.equal(await faultOf(), 'unexpected-end')
    assert.equal(await faultOf(bytes(HEADER), bytes('\x07/noi')), 'unexpected-end')
  })

  it('throws nothing but its own errors at garbage', async () => {
    const garbage = fc.array(fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.constantFrom(bytes(HEADER), bytes('\x03na\n'), bytes('\x03/a\n'))), { maxLength: 8, size: 'max' })
    await fc.assert(fc.asyncProperty(garbage, async chunks => {
      await select(new ScriptedStream(chunks), ['/a', '/b']).catch((error: unknown) => {
        assert.ok(NegotiationError.is(error) || ProtocolNotSupportedError.is(error), String(error))
      })
    }))
  })

  it('passes the signal to each read and write, and errors of the stream through', async () => {
    const { signal } = new AbortController()
    const stream = new ScriptedStream([bytes(HEADER, '\x03na\n'), bytes('\x03/b\n')])
    await select(stream, ['/a', '/b'], { signal })
    assert.deepEqual([...stream.signals], [signal])
    const broken = new Error('broken')
    await assert.rejects(select({ read: () => Promise.reject(broken), write: async () => {} }, ['/a']), broken)
    await assert.rejects(select({ read: async () => undefined, write: () => Promise.reject(broken) }, ['/a']), broken)
  })

  it('refuses mistakes of its caller before it writes', async () => {
    const stream = new ScriptedStream([])
    await assert.rejects(select(stream, []), RangeError)
    await assert.rejects(select(stream, ['/ok', 'na']), /word of the negotiation/)
    await assert.rejects(select(stream, ['/a\n']), RangeError)
    await assert.rejects(select(stream, ['/a'], { timeout: 5 } as object), /unknown option timeout/)
    assert.deepEqual(stream.written, [])
  })

  it('agrees with handle on the first protocol of its own order, however the bytes are cut', async () => {
    const names = fc.uniqueArray(fc.constantFrom('/a', '/b/1.0.0', '/c', '/d', `/${'e'.repeat(200)}`), { minLength: 1 })
    await fc.assert(fc.asyncProperty(names, names, fc.integer({ min: 1, max: 50 }), async (wanted, spoken, size) => {
      const [dialer, listener] = streamPair(data => cutAt(data, Array.from({ length: Math.ceil(data.byteLength / size) }, () => size)))
      const expected = wanted.find(name => spoken.includes(name))
      const selected = select(dialer, wanted)
      if (expected === undefined) {
        void handle(listener, spoken) // waits for a further proposal that never comes
        await assert.rejects(selected, ProtocolNotSupportedError)
        return
      }
      const handled = await handle(listener, spoken)
      assert.equal((await selected).protocol, expected)
      assert.equal(handled.protocol, expected)
    }))
  })
})
