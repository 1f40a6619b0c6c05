import assert from 'node:assert/strict'
import { ConnErrorCode, StreamErrorCode } from '../src/index.ts'

// The table of reference/go-libp2p.md 1.2: meaning, Conn, Stream.
const TABLE: [keyof typeof ConnErrorCode, number, number][] = [
  ['noError', 0, 0],
  ['protocolNegotiationFailed', 0x1000, 0x1001],
  ['resourceLimitExceeded', 0x1001, 0x1002],
  ['rateLimited', 0x1002, 0x1003],
  ['protocolViolation', 0x1003, 0x1004],
  ['supplanted', 0x1004, 0x1005],
  ['garbageCollected', 0x1005, 0x1006],
  ['shutdown', 0x1006, 0x1007],
  ['gated', 0x1007, 0x1008],
  ['codeOutOfRange', 0x1008, 0x1009]
]

describe('the wire error codes', () => {
  for (const [meaning, conn, stream] of TABLE) {
    it(`${meaning}: 0x${conn.toString(16)} for a connection, 0x${stream.toString(16)} for a stream`, () => {
      assert.equal(ConnErrorCode[meaning], conn)
      assert.equal(StreamErrorCode[meaning], stream)
    })
  }

  it('are those of the table and no others', () => {
    const meanings = TABLE.map(([meaning]) => meaning)
    assert.deepEqual(Object.keys(ConnErrorCode), meanings)
    assert.deepEqual(Object.keys(StreamErrorCode), meanings)
  })

  it('fit into the 32 bits of the wire', () => {
    for (const code of [...Object.values(ConnErrorCode), ...Object.values(StreamErrorCode)]) assert.ok(Number.isInteger(code) && code >= 0 && code < 2 ** 32)
  })
})
