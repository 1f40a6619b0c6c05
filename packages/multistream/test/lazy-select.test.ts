import assert from 'node:assert/strict'
import fc from 'fast-check'
import { NegotiationError, ProtocolNotSupportedError } from '../src/errors.ts'
import { handle } from '../src/handle.ts'
import { lazySelect } from '../src/lazy-select.ts'
import { bytes, cutAt, type Part, ScriptedStream } from './scripted-stream.ts'

const HEADER = '\x13/multistream/1.0.0\n'

describe('lazySelect', () => {
  it('puts header and proposal in front', () => {
    assert.deepEqual(Buffer.from(lazySelect('/ipfs/ping/1.0.0').prefix), bytes(HEADER, '\x11/ipfs/ping/1.0.0\n'))
  })

  it('takes the answer however it is cut and gives back every byte behind it', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 40, size: 'max' }), (data, sizes) => {
      const answer = bytes(HEADER, '\x03/a\n')
      const lazy = lazySelect('/a')
      const got: Uint8Array[] = []
      let fed = 0
      for (const chunk of cutAt(bytes(answer, data), sizes)) {
        fed += chunk.byteLength
        const { done, rest } = lazy.feed(chunk)
        assert.equal(done, fed >= answer.byteLength)
        got.push(rest)
      }
      assert.deepEqual(Buffer.concat(got), Buffer.from(data))
      lazy.end()
    }))
  })

  it('throws at a no, then and ever after', () => {
    const lazy = lazySelect('/a')
    assert.equal(lazy.feed(bytes(HEADER)).done, false)
    assert.throws(() => lazy.feed(bytes('\x03na\n')), ProtocolNotSupportedError)
    assert.throws(() => lazy.feed(bytes('\x03/a\n')), ProtocolNotSupportedError)
    assert.throws(() => { lazy.end() }, ProtocolNotSupportedError)
  })

  it('throws at a remote that does not keep to the protocol', () => {
    const faultOf = (...parts: readonly Part[]): string | undefined => {
      try {
        lazySelect('/a').feed(bytes(...parts))
      } catch (error) {
        assert.ok(NegotiationError.is(error))
        return error.fault
      }
      return undefined
    }
    assert.equal(faultOf('\x03/a\n'), 'bad-header')
    assert.equal(faultOf(HEADER, '\x03/b\n'), 'unexpected-answer')
    assert.equal(faultOf(HEADER, 0x81, 0x08), 'message-too-long')
  })

  it('knows an end that came too early', () => {
    const lazy = lazySelect('/a')
    lazy.feed(bytes(HEADER, '\x03/'))
    assert.throws(() => { lazy.end() }, (error: unknown) => NegotiationError.is(error) && error.fault === 'unexpected-end')
    assert.throws(() => lazy.feed(bytes('a\n')), NegotiationError)
  })

  it('is understood by handle, data in the same chunk included', async () => {
    const lazy = lazySelect('/a')
    const stream = new ScriptedStream([bytes(lazy.prefix, 'data')])
    const { protocol, rest } = await handle(stream, ['/a'])
    assert.equal(protocol, '/a')
    assert.equal(Buffer.from(rest).toString(), 'data')
    assert.equal(stream.written.length, 1)
    assert.deepEqual(lazy.feed(bytes(...stream.written, 'reply')).rest, bytes('reply'))
  })

  it('throws nothing but its own errors at garbage', () => {
    const garbage = fc.array(fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.constantFrom(bytes(HEADER), bytes('\x03na\n'), bytes('\x03/a\n'))))
    fc.assert(fc.property(garbage, chunks => {
      const lazy = lazySelect('/a')
      try {
        for (const chunk of chunks) lazy.feed(chunk)
        lazy.end()
      } catch (error) {
        assert.ok(NegotiationError.is(error) || ProtocolNotSupportedError.is(error), String(error))
      }
    }))
  })

  it('refuses what is no protocol', () => {
    for (const wrong of ['', 'a\nb', 'na', 'ls', '/multistream/1.0.0', 'x'.repeat(1024), 'ü'.repeat(512), '/\ud800']) assert.throws(() => lazySelect(wrong), RangeError)
    assert.equal(lazySelect('x'.repeat(1023)).prefix.byteLength, 20 + 2 + 1024)
  })
})
