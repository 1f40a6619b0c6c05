import assert from 'node:assert/strict'
import { NegotiationError, ProtocolNotSupportedError } from '../src/errors.ts'

describe('errors', () => {
  it('are told by their code, and carry data', () => {
    const refused = new ProtocolNotSupportedError(['/a', '/b'])
    assert.equal(refused.name, 'ProtocolNotSupportedError')
    assert.equal(refused.code, 'PROTOCOL_NOT_SUPPORTED')
    assert.match(refused.message, /\/a, \/b/)
    assert.ok(ProtocolNotSupportedError.is(refused))
    const cause = new Error('why')
    const failed = new NegotiationError('bad-header', { cause })
    assert.equal(failed.cause, cause)
    assert.ok(NegotiationError.is(failed))
    assert.ok(!NegotiationError.is(refused))
    assert.ok(!ProtocolNotSupportedError.is(undefined))
  })
})
