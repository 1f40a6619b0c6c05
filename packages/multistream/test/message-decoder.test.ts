import assert from 'node:assert/strict'
import fc from 'fast-check'
import { encodeMessages } from '../src/encode-messages.ts'
import { NegotiationError, type NegotiationFault } from '../src/errors.ts'
import { MessageDecoder } from '../src/message-decoder.ts'
import { bytes, cutAt } from './scripted-stream.ts'

function decodeAll (chunks: readonly Uint8Array[], maxMessageBytes = 1024): string[] {
  const decoder = new MessageDecoder(maxMessageBytes)
  const messages: string[] = []
  for (const chunk of chunks) {
    decoder.push(chunk)
    for (let message = decoder.next(); message !== undefined; message = decoder.next()) messages.push(message)
  }
  return messages
}

function faultOf (...chunks: readonly Uint8Array[]): NegotiationFault | undefined {
  try {
    decodeAll(chunks)
  } catch (error) {
    if (NegotiationError.is(error)) return error.fault
    throw error
  }
  return undefined
}

const line = fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }).filter(text => !text.includes('\n') && text.isWellFormed())

describe('MessageDecoder', () => {
  it('gives the same messages however they are cut', () => {
    fc.assert(fc.property(fc.array(line, { maxLength: 5 }), fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 40, size: 'max' }), (texts, sizes) => {
      assert.deepEqual(decodeAll(cutAt(encodeMessages(texts), sizes)), texts)
    }))
  })

  it('takes a byte at a time', () => {
    const texts = ['/multistream/1.0.0', 'a'.repeat(1023), 'na']
    assert.deepEqual(decodeAll(Array.from(encodeMessages(texts), byte => Uint8Array.of(byte))), texts)
  })

  it('ignores empty chunks', () => {
    assert.deepEqual(decodeAll([bytes(), bytes(0x03), bytes(), bytes('na'), bytes(), bytes('\n')]), ['na'])
  })

  it('gives away what lies behind the last message, without a copy', () => {
    const decoder = new MessageDecoder(1024)
    const chunk = bytes(0x03, 'na\n', 'data')
    decoder.push(chunk)
    assert.equal(decoder.next(), 'na')
    const rest = decoder.takeRest()
    assert.equal(Buffer.from(rest).toString(), 'data')
    assert.equal(rest.buffer, chunk.buffer)
    assert.equal(decoder.takeRest().byteLength, 0)
  })

  it('allows 1,024 bytes with the newline and no more, told by the length alone', () => {
    assert.equal(faultOf(bytes(0x80, 0x08)), undefined)
    assert.equal(faultOf(bytes(0x81, 0x08)), 'message-too-long')
    assert.equal(faultOf(bytes(0x81), bytes(0x08)), 'message-too-long')
  })

  it('refuses a length of more than two bytes at its second byte', () => {
    assert.equal(faultOf(bytes(0xff, 0xff)), 'message-too-long')
    assert.equal(faultOf(bytes(0xff), bytes(0x80)), 'message-too-long')
  })

  it('refuses a length that is not minimal', () => {
    assert.equal(faultOf(bytes(0x83, 0x00, 'na\n')), 'bad-length')
    assert.equal(faultOf(bytes(0x80), bytes(0x00)), 'bad-length')
  })

  it('refuses a length of zero', () => {
    assert.equal(faultOf(bytes(0x00)), 'bad-length')
  })

  it('refuses a missing newline, an empty line and what is no UTF-8', () => {
    assert.equal(faultOf(bytes(0x02, 'na')), 'malformed-message')
    assert.equal(faultOf(bytes(0x01, '\n')), 'malformed-message')
    assert.equal(faultOf(bytes(0x02, 0xff, '\n')), 'malformed-message')
    assert.equal(faultOf(bytes(0x05, '/'), bytes(0xc3, 0x28), bytes('x\n')), 'malformed-message')
  })

  it('keeps a byte order mark: it is part of the name', () => {
    assert.deepEqual(decodeAll([bytes(0x06, 0xef, 0xbb, 0xbf, 'na\n')]), ['\ufeffna'])
  })

  it('throws nothing but its own error at garbage', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 20, size: 'max' }), chunks => { faultOf(...chunks) }))
  })
})
