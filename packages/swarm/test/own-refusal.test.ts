import assert from 'node:assert/strict'
import { deny, ResourceLimitExceededError } from '@weir/network'
import { ConnGatedError, UpgradeError } from '../src/errors.ts'
import { isOwnDoing, isOwnLimit } from '../src/own-refusal.ts'

const limit = (resource: 'connection' | 'fd' | 'memory'): ResourceLimitExceededError => new ResourceLimitExceededError({ where: 'local', scope: { kind: 'system' }, resource, current: 1, attempted: 1, limit: 1 })
const remote = new ResourceLimitExceededError({ where: 'remote', errorCode: 0x1001 })
const gated = new ConnGatedError('interceptSecured', deny('rule'))

describe('isOwnDoing', () => {
  it('is what a limit or the gater of this node refused, also within a step', () => {
    for (const cause of [limit('memory'), limit('fd'), gated, new UpgradeError('muxer', { cause: limit('memory') })]) assert.equal(isOwnDoing(cause), true, cause.message)
  })

  it('is nothing of the remote or the network', () => {
    for (const cause of [remote, new Error('ECONNREFUSED'), new UpgradeError('security', { cause: new Error('no') }), 'a string', undefined]) assert.equal(isOwnDoing(cause), false)
  })
})

describe('isOwnLimit', () => {
  it('is what another connection of ours may hold', () => {
    assert.deepEqual([limit('connection'), limit('fd'), limit('memory'), remote, gated].map(isOwnLimit), [true, true, false, false, false])
  })
})
