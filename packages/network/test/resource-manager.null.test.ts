import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { nullResourceManager, ResourceScopeClosedError, ScopeAttachedError, ScopeNotAttachedError, ZERO_SCOPE_STAT } from '../src/index.ts'
import { testPeer } from './peers.ts'

const peer = testPeer('peer-1')
const addr = multiaddr('/ip4/192.0.2.1/tcp/2')

describe('nullResourceManager', () => {
  it('lends every scope, gives back the result and throws on the error', () => {
    assert.equal(nullResourceManager.viewSystem(scope => scope.stat()), ZERO_SCOPE_STAT)
    assert.equal(nullResourceManager.viewTransient(scope => scope.stat()), ZERO_SCOPE_STAT)
    assert.equal(nullResourceManager.viewService('ping', scope => scope.name), 'ping')
    assert.equal(nullResourceManager.viewProtocol('/ping/1', scope => scope.protocol), '/ping/1')
    assert.equal(nullResourceManager.viewPeer(peer, scope => scope.peer), peer)
    const error = new Error('of the callback')
    assert.throws(() => nullResourceManager.viewSystem(() => { throw error }), error)
  })

  it('opens connections without end', () => {
    for (let i = 0; i < 100; i++) nullResourceManager.openConnection('inbound', true, addr).reserveMemory(2 ** 40, 0)
    assert.equal(nullResourceManager.viewSystem(scope => scope.stat()), ZERO_SCOPE_STAT)
  })

  it('closes as often as one likes, and works on', async () => {
    using scope = nullResourceManager.openConnection('inbound', true, addr)
    await nullResourceManager.close()
    await nullResourceManager.close()
    await nullResourceManager[Symbol.asyncDispose]()
    scope.setPeer(peer)
    nullResourceManager.openStream(peer, 'inbound').done()
  })

  it('is frozen', () => {
    assert.ok(Object.isFrozen(nullResourceManager))
  })
})

describe('a connection scope of nullResourceManager', () => {
  it('has no peer before setPeer, and that peer after', () => {
    using scope = nullResourceManager.openConnection('outbound', false, addr)
    assert.equal(scope.peerScope, undefined)
    const peerScope = scope.setPeer(peer)
    assert.equal(peerScope.peer, peer)
    assert.equal(scope.peerScope, peerScope)
  })

  it('takes one peer', () => {
    using scope = nullResourceManager.openConnection('outbound', false, addr)
    scope.setPeer(peer)
    assert.throws(() => scope.setPeer(testPeer('peer-2')), ScopeAttachedError.is)
    assert.equal(scope.peerScope?.peer, peer)
  })

  it('shares nothing with the next', () => {
    using first = nullResourceManager.openConnection('outbound', false, addr)
    using second = nullResourceManager.openConnection('outbound', false, addr)
    first.setPeer(peer)
    assert.equal(second.peerScope, undefined)
    first.done()
    second.reserveMemory(1, 255)
  })

  it('refuses use after its end', () => {
    const scope = nullResourceManager.openConnection('outbound', false, addr)
    scope.done()
    scope.done()
    assert.throws(() => scope.setPeer(peer), ResourceScopeClosedError.is)
    assert.throws(() => scope.reserveMemory(1, 255), ResourceScopeClosedError.is)
    assert.throws(() => scope.beginSpan(), ResourceScopeClosedError.is)
    assert.equal(scope.stat(), ZERO_SCOPE_STAT)
  })
})

describe('a stream scope of nullResourceManager', () => {
  it('has its peer at once, and protocol and service when they are set', () => {
    using scope = nullResourceManager.openStream(peer, 'inbound')
    assert.equal(scope.peerScope.peer, peer)
    assert.deepEqual([scope.protocolScope, scope.serviceScope], [undefined, undefined])
    scope.setProtocol('/ping/1')
    assert.equal(scope.protocolScope?.protocol, '/ping/1')
    scope.setService('ping')
    assert.equal(scope.serviceScope?.name, 'ping')
  })

  it('takes one protocol and one service', () => {
    using scope = nullResourceManager.openStream(peer, 'inbound')
    scope.setProtocol('/ping/1')
    assert.throws(() => scope.setProtocol('/ping/2'), ScopeAttachedError.is)
    scope.setService('ping')
    assert.throws(() => scope.setService('pong'), ScopeAttachedError.is)
    assert.equal(scope.protocolScope?.protocol, '/ping/1')
    assert.equal(scope.serviceScope?.name, 'ping')
  })

  it('takes no service before a protocol', () => {
    using scope = nullResourceManager.openStream(peer, 'inbound')
    assert.throws(() => scope.setService('ping'), ScopeNotAttachedError.is)
    assert.equal(scope.serviceScope, undefined)
  })

  it('refuses use after its end', () => {
    const scope = nullResourceManager.openStream(peer, 'inbound')
    scope[Symbol.dispose]()
    scope.done()
    assert.throws(() => scope.setProtocol('/ping/1'), ResourceScopeClosedError.is)
    assert.throws(() => scope.setService('ping'), ResourceScopeClosedError.is)
    assert.throws(() => scope.reserveMemory(1, 255), ResourceScopeClosedError.is)
  })
})
