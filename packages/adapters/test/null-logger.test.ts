import assert from 'node:assert/strict'
import { nullLogger } from '../src/index.ts'

describe('nullLogger', () => {
  it('drops everything, in every scope', () => {
    const log = nullLogger.forComponent('a').newScope('b')
    log('%s', { toString () { throw new Error('nobody reads this') } })
    log.error('x')
    log.trace('x')
    assert.equal(log.enabled, false)
  })
})
