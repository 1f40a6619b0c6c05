import assert from 'node:assert/strict'
import * as errors from '../src/errors.ts'

const made = [
  new errors.DataDirError('/d', { cause: new Error('no') }),
  new errors.DataDirLockedError('/d', 7),
  new errors.KeyFileUnreadableError('/k', { cause: new Error('no') }),
  new errors.KeyFileCorruptError('/k', { cause: new Error('secret') }),
  new errors.KeyFileInsecureError('/k', 0o644),
  new errors.InvalidPskError({ cause: new Error('secret') }),
  new errors.InvalidListenAddressError('x'),
  new errors.ControlSocketError('/s', { cause: new Error('no') }),
  new errors.ControlProtocolError('x'),
  new errors.ControlRequestError('X', 'x'),
  new errors.ControlParamError('x', 'y'),
  new errors.InvalidRuleTargetError('x')
]

describe('errors of the node', () => {
  it('are told by their code, each from all others', () => {
    assert.equal(made.length, Object.keys(errors).length)
    for (const error of made) {
      const kinds = Object.values(errors).filter(kind => kind.is(error))
      assert.deepEqual(kinds.map(({ name }) => name), [error.name])
      assert.ok(kinds[0]?.is(Object.assign(new Error(), { code: error.code })), 'from another copy of this package')
      assert.ok(!kinds[0]?.is({ code: error.code }))
    }
  })

  it('say why where that is safe', () => {
    assert.deepEqual(made.map(({ message }) => /: no$/.test(message)), [true, false, true, false, false, false, false, true, false, false, false, false])
    for (const { message } of made) assert.doesNotMatch(message, /secret/)
  })
})
