import assert from 'node:assert/strict'
import { ResourceLimitExceededError, type ResourceManager, type ScopeStat } from '@weir/network'
import { sampleAddr } from '../sample-addr.ts'
import { samplePeer } from '../sample-peer.ts'
import { enforcedCase, type ManagerCase } from './manager-case.ts'
import { REFUSALS, type Refusal } from './refusal.ts'

const alice = samplePeer(1)
const bob = samplePeer(2)

/** What is in use in every scope that the refusals touch and that can be looked at. */
function inUse (manager: ResourceManager): Readonly<Record<string, ScopeStat>> {
  return {
    system: { ...manager.viewSystem(scope => scope.stat()) },
    transient: { ...manager.viewTransient(scope => scope.stat()) },
    peer: { ...manager.viewPeer(alice, scope => scope.stat()) },
    protocolA: { ...manager.viewProtocol('/a/1', scope => scope.stat()) },
    protocolB: { ...manager.viewProtocol('/b/1', scope => scope.stat()) },
    service: { ...manager.viewService('service', scope => scope.stat()) }
  }
}

function assertRefused (attempt: () => void, { scope, resource, direction, current, attempted, limit }: Refusal): void {
  let error: unknown
  try {
    attempt()
  } catch (thrown) {
    error = thrown
  }
  assert(ResourceLimitExceededError.is(error), `refused with ResourceLimitExceededError, and not with ${error}`)
  assert(error.where === 'local', 'where is local')
  assert.equal(error.scope.kind, scope, 'scope: the one that refuses')
  const carried = { resource: error.resource, direction: error.direction, current: error.current, attempted: error.attempted, limit: error.limit, temporary: error.temporary }
  assert.deepEqual(carried, { resource, direction, current, attempted, limit: Object.values(limit)[0], temporary: true })
  if ('peer' in error.scope) assert.equal(error.scope.peer.toString(), alice.toString())
  if ('protocol' in error.scope) assert.equal(error.scope.protocol, '/a/1')
  if ('service' in error.scope) assert.equal(error.scope.service, 'service')
  assert(typeof error.hint === 'string' && error.hint.length > 0, 'hint: which limit to change')
}

/** Each step refused by each limit: nothing is charged anywhere, and the refusal explains itself. */
export const refusalCases: readonly ManagerCase[] = [
  ...REFUSALS.flatMap(refusal => {
    const by = `${Object.keys(refusal.limit)[0]} of ${refusal.scope}`
    return [
      enforcedCase(`${refusal.step}, refused by ${by}, charges nothing and explains itself`, { [refusal.scope]: refusal.limit }, manager => {
        using held = new DisposableStack()
        const { attempt } = refusal.arrange(manager, held)
        const before = inUse(manager)
        assertRefused(attempt, refusal)
        assert.deepEqual(inUse(manager), before, 'something is left of what was refused')
        assertRefused(attempt, refusal)
        assert.deepEqual(inUse(manager), before, 'something is left of what was refused twice')
      }),
      enforcedCase(`${refusal.step}, refused by ${by}, passes once there is room`, { [refusal.scope]: refusal.limit }, manager => {
        using held = new DisposableStack()
        const { attempt, makeRoom } = refusal.arrange(manager, held)
        assertRefused(attempt, refusal)
        makeRoom()
        attempt()
      })
    ]
  }),
  enforcedCase('a refused setPeer leaves the connection charged to transient, to be given to another peer or ended', { peer: { conns: 1 } }, manager => {
    using first = manager.openConnection('inbound', true, sampleAddr(1))
    first.setPeer(alice)
    using second = manager.openConnection('inbound', true, sampleAddr(2))
    assert.throws(() => second.setPeer(alice), ResourceLimitExceededError.is)
    assert.equal(second.peerScope, undefined)
    assert.equal(manager.viewTransient(scope => scope.stat().numConnsInbound), 1)
    second.setPeer(bob)
    assert.equal(manager.viewTransient(scope => scope.stat().numConnsInbound), 0)
  }),
  enforcedCase('a refused setProtocol leaves the stream charged to transient, to be given another protocol or ended', { protocol: { streams: 1 } }, manager => {
    using first = manager.openStream(alice, 'inbound')
    first.setProtocol('/a/1')
    using second = manager.openStream(alice, 'inbound')
    assert.throws(() => { second.setProtocol('/a/1') }, ResourceLimitExceededError.is)
    assert.equal(second.protocolScope, undefined)
    assert.equal(manager.viewTransient(scope => scope.stat().numStreamsInbound), 1)
    second.setProtocol('/b/1')
    assert.equal(manager.viewTransient(scope => scope.stat().numStreamsInbound), 0)
  }),
  enforcedCase('a refused setService leaves the stream with its protocol, to be given another service', { service: { streams: 1 } }, manager => {
    using first = manager.openStream(alice, 'inbound')
    using second = manager.openStream(alice, 'inbound')
    for (const stream of [first, second]) stream.setProtocol('/a/1')
    first.setService('service')
    assert.throws(() => { second.setService('service') }, ResourceLimitExceededError.is)
    assert.equal(second.serviceScope, undefined)
    assert.equal(second.protocolScope?.protocol, '/a/1')
    second.setService('another')
  }),
  enforcedCase('limits of a peer, a protocol and a service are each one\'s own', { peer: { streams: 1 }, 'protocol-peer': { streams: 1 }, 'service-peer': { streams: 1 } }, manager => {
    using held = new DisposableStack()
    for (const peer of [alice, bob]) {
      const stream = held.use(manager.openStream(peer, 'inbound'))
      stream.setProtocol('/a/1')
      stream.setService('service')
    }
  }),
  enforcedCase('a refusal says it in words too', { system: { conns: 0 } }, manager => {
    assert.throws(() => manager.openConnection('inbound', true, sampleAddr(1)), (error: unknown) => {
      return ResourceLimitExceededError.is(error) && error.name === 'ResourceLimitExceededError' && error.message.includes('system')
    })
  })
]
