import assert from 'node:assert/strict'
import { ZERO_SCOPE_STAT } from '../src/index.ts'

describe('ZERO_SCOPE_STAT', () => {
  it('is all zeros, frozen and structured-cloneable', () => {
    assert.deepEqual(ZERO_SCOPE_STAT, { numStreamsInbound: 0, numStreamsOutbound: 0, numConnsInbound: 0, numConnsOutbound: 0, numFD: 0, memoryBytes: 0 })
    assert.ok(Object.isFrozen(ZERO_SCOPE_STAT))
    assert.deepEqual(structuredClone(ZERO_SCOPE_STAT), ZERO_SCOPE_STAT)
  })
})
