import assert from 'node:assert/strict'
import { type BaseLimit, baseLimit } from '../src/base-limit.ts'
import { LimitConfigError } from '../src/errors.ts'

describe('baseLimit', () => {
  it('blocks what is not said', () => {
    assert.deepEqual(baseLimit({ streams: 10, fd: undefined }), {
      memoryBytes: 0, streams: 10, streamsInbound: 0, streamsOutbound: 0, conns: 0, connsInbound: 0, connsOutbound: 0, fd: 0
    })
    assert.ok(Object.isFrozen(baseLimit({})))
  })

  it('takes Infinity for unlimited', () => {
    assert.equal(baseLimit({ memoryBytes: Infinity }).memoryBytes, Infinity)
  })

  it('refuses a field that no limit has', () => {
    assert.throws(() => baseLimit({ memory: 1 } as BaseLimit), /TypeError: unknown field memory/)
  })

  const wrong: Array<[unknown, string]> = [[Number.NaN, 'not-a-number'], [-1, 'negative'], [1.5, 'fraction'], [2 ** 53, 'too-large'], ['1', 'wrong-type'], [null, 'wrong-type']]
  for (const [value, fault] of wrong) {
    it(`refuses ${String(value)} as ${fault}`, () => {
      assert.throws(() => baseLimit({ conns: value as number }), error => LimitConfigError.is(error) && error.path === 'conns' && error.fault === fault)
    })
  }
})
