import assert from 'node:assert/strict'
import { noopNotifiee, nullConnManager, ResourceLimitExceededError } from '../src/index.ts'
import { testPeer } from './peers.ts'

const peer = testPeer('peer-1')

describe('nullConnManager', () => {
  it('remembers no tag', () => {
    nullConnManager.tagPeer(peer, 'test:tag', 10)
    nullConnManager.upsertTag(peer, 'test:tag', () => assert.fail('a tag that is not there has no value to change'))
    assert.equal(nullConnManager.tagInfo(peer), undefined)
    nullConnManager.untagPeer(peer, 'test:tag')
  })

  it('protects nobody', () => {
    nullConnManager.protect(peer, 'test:tag')
    assert.equal(nullConnManager.isProtected(peer), false)
    assert.equal(nullConnManager.isProtected(peer, 'test:tag'), false)
    assert.equal(nullConnManager.unprotect(peer, 'test:tag'), false)
  })

  it('trims nothing and says why', async () => {
    assert.deepEqual(await nullConnManager.trimOpenConns(), { closed: [], spared: [], reason: 'connections are not managed' })
  })

  it('makes no room', () => {
    assert.equal(nullConnManager.makeRoom(new ResourceLimitExceededError({ where: 'remote', errorCode: 0 })), false)
  })

  it('contradicts no limit', () => {
    nullConnManager.checkLimit({ connLimit: 0 })
  })

  it('hears nothing', () => {
    assert.equal(nullConnManager.notifiee, noopNotifiee)
  })

  it('closes as often as one likes, and works on', async () => {
    await nullConnManager.close()
    await nullConnManager.close()
    await nullConnManager[Symbol.asyncDispose]()
    assert.equal(nullConnManager.isProtected(peer), false)
  })

  it('is frozen', () => {
    assert.ok(Object.isFrozen(nullConnManager))
  })
})
