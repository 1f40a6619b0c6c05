import assert from 'node:assert/strict'
import { encodeMessages, encodeProtocolList } from '../src/encode-messages.ts'
import { bytes } from './scripted-stream.ts'

describe('encodeMessages', () => {
  it('writes length, text and newline', () => {
    assert.deepEqual(Buffer.from(encodeMessages(['/multistream/1.0.0'])), bytes(0x13, '/multistream/1.0.0\n'))
    assert.deepEqual(Buffer.from(encodeMessages(['na'])), bytes(0x03, 'na\n'))
  })

  it('puts several messages into one buffer', () => {
    assert.deepEqual(Buffer.from(encodeMessages(['/multistream/1.0.0', '/noise'])), bytes(0x13, '/multistream/1.0.0\n', 0x07, '/noise\n'))
  })

  it('takes a second length byte from 128 on', () => {
    assert.deepEqual(Buffer.from(encodeMessages(['a'.repeat(126)])), bytes(0x7f, 'a'.repeat(126), '\n'))
    assert.deepEqual(Buffer.from(encodeMessages(['a'.repeat(127)])), bytes(0x80, 0x01, 'a'.repeat(127), '\n'))
    assert.deepEqual(Buffer.from(encodeMessages(['a'.repeat(1023)])), bytes(0x80, 0x08, 'a'.repeat(1023), '\n'))
  })

  it('counts bytes and not characters', () => {
    assert.deepEqual(Buffer.from(encodeMessages(['/ü'])), bytes(0x04, 0x2f, 0xc3, 0xbc, 0x0a))
  })
})

describe('encodeProtocolList', () => {
  it('nests each protocol as a message, with a newline behind them all', () => {
    assert.deepEqual(Buffer.from(encodeProtocolList(['/a', '/bc'], 1024)), bytes(0x0a, 0x03, '/a\n', 0x04, '/bc\n', '\n'))
    assert.deepEqual(Buffer.from(encodeProtocolList([], 1024)), bytes(0x01, '\n'))
  })

  it('stops before it would be longer than readers allow', () => {
    // Four bytes for each protocol and the last newline.
    assert.equal(encodeProtocolList(Array.from({ length: 10 }, () => '/a'), 21).byteLength, 1 + 21)
    assert.equal(encodeProtocolList(Array.from({ length: 10 }, () => '/a'), 20).byteLength, 1 + 17)
    assert.equal(encodeProtocolList(Array.from({ length: 1000 }, () => '/a'), 1024).byteLength, 2 + 1021)
  })
})
