import assert from 'node:assert/strict'
import { type LocalRefusal, ResourceLimitExceededError } from '../src/index.ts'
import { testPeer } from './peers.ts'

const refusal = { where: 'local', scope: { kind: 'system' }, resource: 'connection', direction: 'inbound', current: 8, attempted: 1, limit: 8 } as const satisfies LocalRefusal

/** Reads what each side of the union has; the compiler proves that nothing else can be read. */
function describeRefusal (error: ResourceLimitExceededError): string {
  return error.where === 'remote' ? `code ${error.errorCode}` : `${error.current} + ${error.attempted} > ${error.limit} in ${error.scope.kind}`
}

describe('ResourceLimitExceededError', () => {
  it('is narrowed by where', () => {
    assert.equal(describeRefusal(new ResourceLimitExceededError(refusal)), '8 + 1 > 8 in system')
    assert.equal(describeRefusal(new ResourceLimitExceededError({ where: 'remote', errorCode: 0x1002 })), 'code 4098')
    assert.equal('where' in refusal, true)
    // @ts-expect-error a remote refusal has no numbers
    assert.equal(new ResourceLimitExceededError({ where: 'remote', errorCode: 0 }).limit, undefined)
    // @ts-expect-error a local refusal has no wire code
    assert.equal(new ResourceLimitExceededError(refusal).errorCode, undefined)
  })

  it('carries all numbers of a local refusal', () => {
    const scope = { kind: 'protocol', protocol: '/ping/1' } as const
    const error = new ResourceLimitExceededError({ where: 'local', scope, resource: 'memory', current: 100, attempted: 50, limit: 120, priority: 101, hint: 'send less' })
    assert.equal(error.scope, scope)
    assert.deepEqual([error.resource, error.direction, error.current, error.attempted, error.limit, error.priority, error.hint], ['memory', undefined, 100, 50, 120, 101, 'send less'])
  })

  it('is temporary wherever it comes from', () => {
    assert.equal(new ResourceLimitExceededError(refusal).temporary, true)
    assert.equal(new ResourceLimitExceededError({ where: 'remote', errorCode: 0 }).temporary, true)
  })

  it('says what was refused, how much is in use, and which limit to change', () => {
    assert.equal(new ResourceLimitExceededError(refusal).message,
      'inbound connection limit of system exceeded: 8 of 8 in use, 1 more asked for; raise the connection limit of system, or use less')
    assert.equal(new ResourceLimitExceededError({ ...refusal, resource: 'fd', direction: undefined, hint: 'raise ulimit' }).message,
      'fd limit of system exceeded: 8 of 8 in use, 1 more asked for; raise ulimit')
  })

  it('says why a limit refuses that is not reached yet', () => {
    const memory = { where: 'local', scope: { kind: 'system' }, resource: 'memory', current: 50, attempted: 10, limit: 128, hint: 'use less' } as const
    assert.equal(new ResourceLimitExceededError({ ...memory, priority: 101 }).message,
      'memory limit of system exceeded: 50 of 128 in use, 10 more asked for at priority 101, which may use 39 % of it; use less')
    assert.equal(new ResourceLimitExceededError({ ...memory, priority: 255 }).message, 'memory limit of system exceeded: 50 of 128 in use, 10 more asked for; use less')
  })

  it('says of pressure how much there is, which is no count', () => {
    assert.equal(new ResourceLimitExceededError({ ...refusal, resource: 'pressure', current: 0.953_21, attempted: 4_096, limit: 0.92, hint: 'memoryPressure is critical: try again' }).message,
      'the process is under pressure, at 0.953 where 0.92 is too much; memoryPressure is critical: try again')
  })

  it('prints an unlimited number as Infinity', () => {
    assert.match(new ResourceLimitExceededError({ ...refusal, attempted: Infinity }).message, /Infinity more asked for/)
  })

  it('captures no stack trace, and leaves those of other errors alone', () => {
    const before = Error.stackTraceLimit
    const error = new ResourceLimitExceededError(refusal)
    assert.equal(Error.stackTraceLimit, before)
    assert.doesNotMatch(error.stack ?? '', /\n\s+at /)
    assert.match(new Error('another').stack ?? '', /\n\s+at /)
  })

  it('has its sentence on top of its stack, for those who print that', () => {
    const error = new ResourceLimitExceededError(refusal)
    assert.equal(error.stack, `ResourceLimitExceededError: ${error.message}`)
  })

  it('makes its sentence when somebody reads it, not before', () => {
    const peer = testPeer('12D3')
    const error = new ResourceLimitExceededError({ ...refusal, scope: { kind: 'peer', peer } })
    assert.equal(peer.asked, 0)
    assert.match(error.message, /limit of peer 12D3 exceeded/)
    assert.ok(peer.asked > 0)
  })

  it('is one class for both sides', () => {
    assert.ok(new ResourceLimitExceededError(refusal) instanceof ResourceLimitExceededError)
    assert.ok(new ResourceLimitExceededError({ where: 'remote', errorCode: 0 }) instanceof ResourceLimitExceededError)
  })
})
