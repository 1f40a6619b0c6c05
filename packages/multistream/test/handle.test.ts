import assert from 'node:assert/strict'
import fc from 'fast-check'
import { NegotiationError, type NegotiationFault } from '../src/errors.ts'
import { handle } from '../src/handle.ts'
import { bytes, cutAt, ScriptedStream } from './scripted-stream.ts'

const HEADER = '\x13/multistream/1.0.0\n'

async function faultOf (...chunks: readonly Uint8Array[]): Promise<NegotiationFault> {
  const error = await handle(new ScriptedStream(chunks), ['/noise']).catch((error: unknown) => error)
  assert.ok(NegotiationError.is(error), String(error))
  return error.fault
}

describe('handle', () => {
  it('answers header and proposal in one write when both are there, and gives back early data', async () => {
    const stream = new ScriptedStream([bytes(HEADER, '\x07/noise\n', 'early data')])
    const { protocol, rest } = await handle(stream, ['/yamux/1.0.0', '/noise'])
    assert.equal(protocol, '/noise')
    assert.equal(Buffer.from(rest).toString(), 'early data')
    assert.deepEqual(stream.written, [`${HEADER}\x07/noise\n`])
  })

  it('answers the header at once when the proposal is not there yet', async () => {
    const stream = new ScriptedStream([bytes(HEADER), bytes('\x07/noise\n')])
    await handle(stream, ['/noise'])
    assert.deepEqual(stream.written, [HEADER, '\x07/noise\n'])
  })

  it('answers what is not spoken with na, one write for all that is there', async () => {
    const stream = new ScriptedStream([bytes(HEADER, '\x03/a\n'), bytes('\x03/b\n', '\x03/c\n'), bytes('\x03/d\n')])
    assert.equal((await handle(stream, ['/d'])).protocol, '/d')
    assert.deepEqual(stream.written, [`${HEADER}\x03na\n`, '\x03na\n\x03na\n', '\x03/d\n'])
  })

  it('answers ls with the list', async () => {
    const stream = new ScriptedStream([bytes(HEADER, '\x03ls\n'), bytes('\x03/a\n')])
    await handle(stream, ['/a', '/bc'])
    assert.deepEqual(stream.written, [`${HEADER}\x0a\x03/a\n\x04/bc\n\n`, '\x03/a\n'])
  })

  it('echoes the proposal and returns the name that the matcher gave for it', async () => {
    const stream = new ScriptedStream([bytes(HEADER, '\x09/foo/1.2\n')])
    const matcher = { find: (id: string) => id.startsWith('/foo/1.') ? '/foo/1' : undefined, list: () => ['/foo/1'] }
    assert.equal((await handle(stream, matcher)).protocol, '/foo/1')
    assert.deepEqual(stream.written, [`${HEADER}\x09/foo/1.2\n`])
  })

  it('passes on what the matcher throws', async () => {
    const broken = new Error('broken')
    await assert.rejects(handle(new ScriptedStream([bytes(HEADER, '\x03/a\n')]), { find () { throw broken }, list: () => [] }), broken)
  })

  it('answers a refused proposal before it fails on the data behind it', async () => {
    const stream = new ScriptedStream([bytes(19, '/multistream/1.0.0\n', 4, '/no\n', new Uint8Array(32))])
    await assert.rejects(handle(stream, ['/yes']), NegotiationError.is)
    assert.deepEqual(stream.written, ['\x13/multistream/1.0.0\n\x03na\n'])
  })

  it('ends at too many proposals, ls included', async () => {
    const proposals = (n: number): Uint8Array => bytes(HEADER, '\x03/x\n'.repeat(n - 1), '\x03ls\n')
    assert.equal(await faultOf(proposals(16), bytes('\x07/noise\n')), 'too-many-proposals')
    assert.equal((await handle(new ScriptedStream([proposals(15), bytes('\x07/noise\n')]), ['/noise'])).protocol, '/noise')
    const error = await handle(new ScriptedStream([proposals(2)]), ['/noise'], { maxProposals: 2 }).catch((error: unknown) => error)
    assert.ok(NegotiationError.is(error) && error.fault === 'too-many-proposals')
  })

  it('says what the remote did wrong', async () => {
    assert.equal(await faultOf(bytes('\x07/noise\n')), 'bad-header')
    assert.equal(await faultOf(bytes('GET / HTTP/1.1\r\n'.repeat(10))), 'malformed-message')
    assert.equal(await faultOf(bytes(HEADER, '\x01\n')), 'malformed-message')
    assert.equal(await faultOf(bytes(HEADER, '\x06/noise')), 'malformed-message')
    assert.equal(await faultOf(bytes(HEADER, 0x80, 0x00)), 'bad-length')
    assert.equal(await faultOf(bytes(0x81), bytes(0x08)), 'message-too-long')
    assert.equal(await faultOf(bytes(HEADER)), 'unexpected-end')
    assert.equal(await faultOf(), 'unexpected-end')
  })

  it('reads no chunk more than it needs, and loses no byte, however the input is cut', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 40, size: 'max' }), async (data, sizes) => {
      const proposals = bytes(HEADER, '\x03/x\n', '\x07/noise\n')
      const chunks = cutAt(bytes(proposals, data), sizes)
      const stream = new ScriptedStream(chunks)
      const { rest } = await handle(stream, ['/noise'])
      assert.deepEqual(Buffer.concat([rest, ...stream.unread]), Buffer.from(data))
      let needed = 0
      for (let have = 0; have < proposals.byteLength; needed++) have += chunks[needed]?.byteLength ?? 0
      assert.equal(stream.reads, needed)
      assert.equal(stream.written.join(''), `${HEADER}\x03na\n\x07/noise\n`)
    }))
  })

  it('throws nothing but its own error at garbage, and reads nothing after it', async () => {
    const garbage = fc.array(fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 30 }), fc.constantFrom(bytes(HEADER), bytes('\x03ls\n'), bytes('\x03/x\n'))), { maxLength: 30, size: 'max' })
    await fc.assert(fc.asyncProperty(garbage, async chunks => {
      const stream = new ScriptedStream(chunks)
      await handle(stream, ['/noise']).catch((error: unknown) => { assert.ok(NegotiationError.is(error), String(error)) })
      assert.ok(stream.reads <= chunks.length + 1)
    }))
  })

  it('passes the signal to each read and write', async () => {
    const { signal } = new AbortController()
    const stream = new ScriptedStream([bytes(HEADER), bytes('\x03/a\n')])
    await handle(stream, ['/a'], { signal })
    assert.deepEqual([...stream.signals], [signal])
  })

  it('refuses options that are not known or out of range', async () => {
    const stream = new ScriptedStream([])
    await assert.rejects(handle(stream, ['/a'], { maxProposal: 5 } as object), /unknown option maxProposal/)
    for (const maxProposals of [0, -1, 1.5, NaN, Infinity]) await assert.rejects(handle(stream, ['/a'], { maxProposals }), RangeError)
    for (const maxMessageBytes of [18, 16_384, NaN, 20.5]) await assert.rejects(handle(stream, ['/a'], { maxMessageBytes }), RangeError)
    assert.equal(stream.reads, 0)
  })
})
