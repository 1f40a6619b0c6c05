import assert from 'node:assert/strict'
import { type ResourceManager, type ResourceScopeSpan, ResourceScopeClosedError } from '@weir/network'
import { sampleAddr } from '../sample-addr.ts'
import { samplePeer } from '../sample-peer.ts'
import { assertStat } from './assert-stat.ts'
import { enforcedCase, type ManagerCase, managerCase } from './manager-case.ts'

const peer = samplePeer(1)

interface EndingScope {
  readonly name: string
  /** Opens one on `owners`, which are ended after the case. */
  open (manager: ResourceManager, owners: DisposableStack): ResourceScopeSpan
}

const SCOPES: readonly EndingScope[] = [
  { name: 'connection', open: manager => manager.openConnection('inbound', true, sampleAddr(1)) },
  {
    name: 'connection with a peer',
    open (manager) {
      const conn = manager.openConnection('outbound', true, sampleAddr(1))
      conn.setPeer(peer)
      return conn
    }
  },
  { name: 'stream', open: manager => manager.openStream(peer, 'inbound') },
  {
    name: 'stream with protocol and service',
    open (manager) {
      const stream = manager.openStream(peer, 'outbound')
      stream.setProtocol('/a/1')
      stream.setService('service')
      return stream
    }
  },
  { name: 'span of a connection', open: (manager, owners) => owners.use(manager.openConnection('inbound', true, sampleAddr(1))).beginSpan() },
  { name: 'span of a span', open: (manager, owners) => owners.use(owners.use(manager.openStream(peer, 'inbound')).beginSpan()).beginSpan() },
  { name: 'span of the system', open: manager => manager.viewSystem(scope => scope.beginSpan()) },
  { name: 'span of a peer', open: manager => manager.viewPeer(peer, scope => scope.beginSpan()) }
]

/** Runs on a scope of this kind that has ended, holding memory as it did. */
function ended (manager: ResourceManager, { open }: EndingScope, run: (scope: ResourceScopeSpan) => void): void {
  using owners = new DisposableStack()
  const scope = open(manager, owners)
  scope.reserveMemory(100, 255)
  scope.done()
  run(scope)
}

/** What is left of a scope behind its end: nothing, and no way to charge it. */
export const endedScopeCases: readonly ManagerCase[] = [
  ...SCOPES.flatMap(kind => [
    managerCase(`ending a ${kind.name} gives everything back`, {}, manager => {
      ended(manager, kind, scope => { assertStat(scope, {}, 'an ended scope holds nothing') })
    }),
    managerCase(`ending a ${kind.name} again is harmless`, {}, manager => {
      ended(manager, kind, scope => {
        scope.done()
        scope[Symbol.dispose]()
        scope.done()
      })
    }),
    managerCase(`the end of a block ends a ${kind.name}`, {}, manager => {
      using owners = new DisposableStack()
      let left: ResourceScopeSpan
      {
        using scope = kind.open(manager, owners)
        left = scope
      }
      assert.throws(() => { left.reserveMemory(1, 255) }, ResourceScopeClosedError.is)
    }),
    managerCase(`reserving in an ended ${kind.name} throws ResourceScopeClosedError`, {}, manager => {
      ended(manager, kind, scope => {
        assert.throws(() => { scope.reserveMemory(1, 255) }, ResourceScopeClosedError.is)
        assert.throws(() => { scope.reserveMemory(0, 255) }, ResourceScopeClosedError.is)
        assertStat(scope, {}, 'nothing was charged')
      })
    }),
    managerCase(`a span of an ended ${kind.name} throws ResourceScopeClosedError`, {}, manager => {
      ended(manager, kind, scope => { assert.throws(() => scope.beginSpan(), ResourceScopeClosedError.is) })
    }),
    managerCase(`releasing in an ended ${kind.name} does nothing`, {}, manager => {
      manager.viewSystem(system => { system.reserveMemory(500, 255) }) // what a release too many would take away
      ended(manager, kind, scope => {
        const before = { ...manager.viewSystem(system => system.stat()) }
        scope.releaseMemory(100)
        assertStat(scope, {}, 'an ended scope holds nothing')
        assert.deepEqual({ ...manager.viewSystem(system => system.stat()) }, before, 'nor was anything given back above')
      })
      manager.viewSystem(system => { system.releaseMemory(500) })
    })
  ]),
  managerCase('attaching an ended connection throws ResourceScopeClosedError', {}, manager => {
    const conn = manager.openConnection('inbound', true, sampleAddr(1))
    conn.done()
    assert.throws(() => conn.setPeer(peer), ResourceScopeClosedError.is)
  }),
  managerCase('attaching an ended stream throws ResourceScopeClosedError', {}, manager => {
    const stream = manager.openStream(peer, 'inbound')
    stream.done()
    assert.throws(() => { stream.setProtocol('/a/1') }, ResourceScopeClosedError.is)
    const attached = manager.openStream(peer, 'inbound')
    attached.setProtocol('/a/1')
    attached.done()
    assert.throws(() => { attached.setService('service') }, ResourceScopeClosedError.is)
  }),
  managerCase('a span may outlive its owner, and ends harmlessly', {}, manager => {
    const conn = manager.openConnection('inbound', true, sampleAddr(1))
    const span = conn.beginSpan()
    span.reserveMemory(100, 255)
    conn.done()
    span.releaseMemory(50)
    span.done()
    span.done()
  }),
  enforcedCase('a span that has outlived its owner can be charged no more', {}, manager => {
    const conn = manager.openConnection('inbound', true, sampleAddr(1))
    const inner = conn.beginSpan().beginSpan()
    conn.done()
    assert.throws(() => { inner.reserveMemory(1, 255) }, ResourceScopeClosedError.is)
    assertStat(inner, {}, 'nothing was charged')
    inner.done()
  }),
  managerCase('closing the manager again is harmless', {}, async manager => {
    await manager.close()
    await manager.close()
    await manager[Symbol.asyncDispose]()
  }),
  managerCase('scopes that are open when the manager is closed stay usable until they end', {}, async manager => {
    using conn = manager.openConnection('inbound', true, sampleAddr(1))
    await manager.close()
    conn.setPeer(peer)
    conn.reserveMemory(100, 255)
    using span = conn.beginSpan()
    span.reserveMemory(100, 255)
    conn.releaseMemory(100)
  })
]
