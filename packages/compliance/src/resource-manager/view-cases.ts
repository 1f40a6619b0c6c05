import assert from 'node:assert/strict'
import type { ResourceManager, ResourceScope } from '@weir/network'
import { samplePeer } from '../sample-peer.ts'
import { type ManagerCase, managerCase } from './manager-case.ts'

const peer = samplePeer(1)

const VIEWS: { readonly name: string, view<T> (manager: ResourceManager, fn: (scope: ResourceScope) => T): T }[] = [
  { name: 'viewSystem', view: (manager, fn) => manager.viewSystem(fn) },
  { name: 'viewTransient', view: (manager, fn) => manager.viewTransient(fn) },
  { name: 'viewService', view: (manager, fn) => manager.viewService('service', fn) },
  { name: 'viewProtocol', view: (manager, fn) => manager.viewProtocol('/protocol/1', fn) },
  { name: 'viewPeer', view: (manager, fn) => manager.viewPeer(peer, fn) }
]

/** Views lend a scope, and stand in nobody's way. */
export const viewCases: readonly ManagerCase[] = [
  ...VIEWS.flatMap(({ name, view }) => [
    managerCase(`${name} returns what its callback returns`, {}, manager => {
      const result = {}
      assert.equal(view(manager, () => result), result)
      assert.equal(view(manager, () => undefined), undefined)
    }),
    managerCase(`${name} returns the promise of its callback, and does not wait for it`, {}, async manager => {
      const promise = view(manager, async () => 1)
      assert(promise instanceof Promise)
      assert.equal(await promise, 1)
    }),
    managerCase(`${name} throws what its callback throws`, {}, manager => {
      const cause = new Error('of the callback')
      assert.throws(() => view(manager, () => { throw cause }), error => error === cause)
    }),
    managerCase(`the scope of ${name} is charged, and gives back`, {}, manager => {
      view(manager, scope => {
        scope.reserveMemory(64, 255)
        scope.releaseMemory(64)
        using span = scope.beginSpan()
        span.reserveMemory(64, 255)
      })
    })
  ]),
  managerCase('viewService, viewProtocol and viewPeer lend the scope that was asked for', {}, manager => {
    assert.equal(manager.viewService('a', scope => scope.name), 'a')
    assert.equal(manager.viewProtocol('/b/1', scope => scope.protocol), '/b/1')
    assert.equal(manager.viewPeer(peer, scope => scope.peer.toString()), peer.toString())
  })
]
