import assert from 'node:assert/strict'
import { ResourceScopeClosedError } from '@weir/network'
import { limiterFor } from './limits-for.ts'
import { anyAddr, managerFor, namedPeer } from './manager-for.ts'

const alice = namedPeer('alice')

describe('collecting idle scopes', () => {
  it('fault 7: peers, protocols and services go a minute after their last use, and no timer stays', () => {
    const { manager, clock } = managerFor()
    const stream = manager.openStream(alice, 'inbound')
    stream.setProtocol('/a')
    stream.setService('service')
    clock.advance(600_000)
    assert.deepEqual([manager.listPeers().map(String), manager.listProtocols(), manager.listServices()], [['alice'], ['/a'], ['service']])
    assert.equal(clock.pendingTimers, 0, 'nothing is idle, so nothing is waited for')
    stream.done()
    clock.advance(59_999)
    assert.deepEqual(manager.listPeers().length, 1)
    clock.advance(1)
    assert.deepEqual([manager.listPeers(), manager.listProtocols(), manager.listServices()], [[], [], []])
    assert.equal(clock.pendingTimers, 0)
  })

  it('fault 7: memory counts as use, and so does an open span', () => {
    const { manager, clock } = managerFor()
    const scope = manager.viewPeer(alice, each => each)
    scope.reserveMemory(100, 255)
    const span = manager.viewProtocol('/a', each => each.beginSpan())
    const service = manager.viewService('service', each => each)
    service.reserveMemory(1, 255)
    clock.advance(600_000)
    assert.deepEqual([scope.stat().memoryBytes, service.stat().memoryBytes, manager.viewSystem(each => each.stat().memoryBytes)], [100, 1, 101])
    span.reserveMemory(5, 255)
    span.done()
    scope.releaseMemory(100)
    service.releaseMemory(1)
    clock.advance(120_000)
    assert.deepEqual([manager.listPeers(), manager.listProtocols(), manager.listServices()], [[], [], []])
    assert.throws(() => { scope.reserveMemory(1, 255) }, ResourceScopeClosedError.is)
    scope.releaseMemory(1)
    assert.equal(manager.viewSystem(each => each.stat().memoryBytes), 0)
  })

  it('what a peer has of a protocol and of a service goes too, while these and the peer stay', () => {
    const asked: string[] = []
    const limits = limiterFor()
    const { manager, clock } = managerFor({
      limits: {
        ...limits,
        protocolPeerLimits: id => { asked.push(id); return limits.protocolPeerLimits(id) },
        servicePeerLimits: name => { asked.push(name); return limits.servicePeerLimits(name) }
      }
    })
    for (const keep of [manager.viewPeer(alice, each => each), manager.viewProtocol('/a', each => each), manager.viewService('service', each => each)]) keep.reserveMemory(1, 255)
    for (let round = 0; round < 3; round++) {
      using stream = manager.openStream(alice, 'inbound')
      stream.setProtocol('/a')
      stream.setService('service')
      clock.advance(60_000) // looked at while in use: it has to be listed again
      stream.done()
      manager.openStream(alice, 'inbound').done()
      clock.advance(60_000)
    }
    assert.deepEqual(asked, ['/a', 'service', '/a', 'service', '/a', 'service'])
  })

  it('a view keeps its scope while it lasts', () => {
    const { manager, clock } = managerFor()
    manager.viewPeer(alice, scope => {
      clock.advance(600_000)
      scope.reserveMemory(1, 255)
      scope.releaseMemory(1)
    })
    clock.advance(120_000)
    assert.deepEqual(manager.listPeers(), [])
  })

  it('a peer that comes back has a scope again, and what it has of protocols and services is counted in it', () => {
    const { manager, clock } = managerFor()
    for (let round = 0; round < 3; round++) {
      const conn = manager.openConnection('inbound', true, anyAddr)
      conn.setPeer(alice)
      const stream = manager.openStream(alice, 'inbound')
      stream.setProtocol('/a')
      stream.setService('service')
      stream.reserveMemory(10, 255)
      assert.equal(manager.viewPeer(alice, each => each.stat().memoryBytes), 10)
      stream.done()
      assert.equal(manager.viewPeer(alice, each => each.stat().memoryBytes), 0)
      conn.done()
      if (round === 1) clock.advance(120_000)
    }
  })

  it('scopes that come and go faster than that are bounded too, whoever names them', () => {
    const { manager } = managerFor({ maxIdleScopes: 50 })
    for (let i = 0; i < 5_000; i++) {
      const peer = namedPeer(`peer ${i}`)
      const stream = manager.openStream(peer, 'inbound')
      stream.setProtocol(`/protocol/${i}`)
      stream.setService(`service ${i}`)
      stream.done()
      manager.viewService(`view ${i}`, () => {})
      const { numPeers, numProtocols, numServices } = manager.snapshot()
      assert(numPeers <= 55 && numProtocols <= 55 && numServices <= 55)
    }
  })

  it('a scope that is refused right away leaves nothing behind either', () => {
    const { manager, clock } = managerFor({ limits: limiterFor({ peer: { streams: 0, conns: 0 } }) })
    assert.throws(() => manager.openStream(alice, 'inbound'))
    const conn = manager.openConnection('inbound', true, anyAddr)
    assert.throws(() => conn.setPeer(namedPeer('bob')))
    conn.done()
    assert.equal(manager.listPeers().length, 2)
    clock.advance(60_000)
    assert.deepEqual(manager.listPeers(), [])
  })

  it('a full list is swept between operations only: never in the middle of one that has just made a scope', () => {
    const { manager } = managerFor({ maxIdleScopes: 1 })
    for (let i = 0; i < 100; i++) {
      const stream = manager.openStream(alice, 'inbound')
      stream.setProtocol('/a')
      stream.setService('service')
      const conn = manager.openConnection('inbound', true, anyAddr)
      conn.setPeer(alice)
      stream.reserveMemory(7, 255)
      assert.equal(manager.viewPeer(alice, each => each.stat().memoryBytes), 7)
      assert.equal(manager.viewProtocol('/a', each => each.stat().memoryBytes), 7)
      assert.equal(manager.viewService('service', each => each.stat().memoryBytes), 7)
      conn.done()
      stream.done()
    }
  })

  it('a closed manager sets no timer, and still collects', async () => {
    const { manager, clock } = managerFor({ maxIdleScopes: 10 })
    const stream = manager.openStream(alice, 'inbound')
    await manager.close()
    stream.done()
    assert.equal(clock.pendingTimers, 0)
    for (let i = 0; i < 100; i++) manager.viewPeer(namedPeer(`${i}`), () => {})
    assert(manager.listPeers().length <= 11)
    assert.equal(clock.pendingTimers, 0)
  })
})
