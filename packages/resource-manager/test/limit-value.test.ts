import assert from 'node:assert/strict'
import fc from 'fast-check'
import { LimitConfigError } from '../src/errors.ts'
import { checkLimitValue, limitOfValue, valueOfLimit } from '../src/limit-value.ts'

describe('limit value', () => {
  for (const word of ['default', 'unlimited', 'blockAll'] as const) {
    it(`takes "${word}" as it is`, () => {
      assert.equal(checkLimitValue(word, 'System.Streams'), word)
    })
  }

  const proper: Array<[unknown, unknown]> = [
    [10, 10], ['10', 10], ['+7', 7], ['007', 7], [0, 'blockAll'], [-0, 'blockAll'], ['0', 'blockAll'], ['000', 'blockAll'], [Infinity, 'unlimited'],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER], ['9007199254740991', Number.MAX_SAFE_INTEGER], ['9007199254740992', '9007199254740992'],
    ['9223372036854775807', '9223372036854775807'], ['0009223372036854775807', '9223372036854775807']
  ]
  for (const [given, expected] of proper) {
    it(`takes ${JSON.stringify(given)} as ${JSON.stringify(expected)}`, () => {
      assert.equal(checkLimitValue(given, 'System.Streams'), expected)
    })
  }

  const wrong: Array<[unknown, string]> = [
    [Number.NaN, 'not-a-number'], [-1, 'negative'], [-Infinity, 'negative'], [-0.5, 'negative'], [0.5, 'fraction'], [2 ** 53, 'too-large'], [Number.MAX_VALUE, 'too-large'],
    ['', 'not-a-number'], ['ten', 'not-a-number'], ['1e3', 'not-a-number'], ['0x10', 'not-a-number'], [' 1', 'not-a-number'], ['1_000', 'not-a-number'], ['Unlimited', 'not-a-number'],
    ['-1', 'negative'], ['-0', 'negative'], ['1.5', 'fraction'], ['9223372036854775808', 'too-large'], ['9'.repeat(1_000_000), 'too-large'],
    [null, 'wrong-type'], [undefined, 'wrong-type'], [true, 'wrong-type'], [10n, 'wrong-type'], [[1], 'wrong-type'], [{}, 'wrong-type']
  ]
  for (const [given, fault] of wrong) {
    it(`refuses ${String(given).slice(0, 30)} (${typeof given}) as ${fault}`, () => {
      assert.throws(() => checkLimitValue(given, 'System.Streams'), error => {
        assert.ok(LimitConfigError.is(error))
        assert.deepEqual([error.code, error.path, error.fault], ['LIMIT_CONFIG', 'System.Streams', fault])
        assert.ok(error.message.startsWith('System.Streams: ') && error.message.length < 200, error.message)
        return true
      })
    })
  }

  it('is the default, none at all, nothing, or the number', () => {
    assert.equal(limitOfValue(undefined, 7), 7)
    assert.equal(limitOfValue('default', 7), 7)
    assert.equal(limitOfValue('unlimited', 7), Infinity)
    assert.equal(limitOfValue('blockAll', 7), 0)
    assert.equal(limitOfValue(3, 7), 3)
  })

  it('is unlimited from 2^53 on, and exact below', () => {
    assert.equal(limitOfValue('9007199254740991', 7), Number.MAX_SAFE_INTEGER)
    assert.equal(limitOfValue('9007199254740992', 7), Infinity)
    assert.equal(limitOfValue('9223372036854775807', 7), Infinity)
  })

  it('writes every limit so that it is read back', () => {
    fc.assert(fc.property(fc.oneof(fc.maxSafeNat(), fc.constant(Infinity)), limit => {
      assert.equal(limitOfValue(checkLimitValue(valueOfLimit(limit), ''), 7), limit)
    }))
  })
})
