import assert from 'node:assert/strict'
import { hasCode } from '@weir/network'

describe('hasCode', () => {
  it('tells by the code of an error, whatever its class', () => {
    assert.equal(hasCode(Object.assign(new RangeError('x'), { code: 'MINE' }), 'MINE'), true)
    assert.equal(hasCode(Object.assign(new Error('x'), { code: 'OTHER' }), 'MINE'), false)
  })

  it('takes nothing else for an error', () => {
    for (const other of [undefined, null, 'MINE', { code: 'MINE' }]) assert.equal(hasCode(other, 'MINE'), false)
  })
})
