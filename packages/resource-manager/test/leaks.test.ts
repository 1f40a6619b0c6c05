import assert from 'node:assert/strict'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { turn, until } from '@weir/compliance'
import { scopeName } from '@weir/network'
import { type Leak, type Misuse, misuseText } from '../src/index.ts'
import { anyAddr, managerFor, namedPeer } from './manager-for.ts'

const alice = namedPeer('alice')

function lines (leaks: readonly Leak[]): string[] {
  return leaks.map(({ scope, reason, label, stat }) => `${scopeName(scope)}: ${reason}, ${label}, ${stat?.memoryBytes}`).sort()
}

/** Collects garbage now. */
function collectGarbage (): void {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
}

describe('leaks', () => {
  it('what an owner left open when it closed, with its label, its time and what it holds', async () => {
    const { manager, clock } = managerFor()
    const swarm = manager.ownedBy('swarm')
    const ended = swarm.openConnection('inbound', true, anyAddr)
    const open = swarm.openConnection('inbound', true, anyAddr)
    open.reserveMemory(7, 255)
    const conn = manager.openConnection('inbound', true, anyAddr)
    ended.done()
    clock.advance(5_000)
    assert.deepEqual(manager.leaks(), [])
    await swarm.close()
    assert.deepEqual(lines(manager.leaks()), ['connection 2: owner-ended, swarm, 7'])
    assert.equal(manager.leaks()[0]?.openForMs, 5_000)
    open.done()
    assert.deepEqual(manager.leaks(), [])
    conn.setPeer(alice) // the manager goes on
    conn.done()
  })

  it('a span that is open although its scope has ended', () => {
    const { manager } = managerFor()
    const conn = manager.ownedBy('host').openConnection('inbound', true, anyAddr)
    const span = conn.beginSpan()
    const inner = span.beginSpan()
    const sibling = conn.beginSpan()
    sibling.done()
    conn.done()
    assert.deepEqual(lines(manager.leaks()), ['span 1 of connection 1: scope-ended, host, 0'])
    span.done()
    assert.deepEqual(lines(manager.leaks()), ['span 1 of span 1 of connection 1: scope-ended, host, 0'])
    inner.done()
    assert.deepEqual(manager.leaks(), [])
  })

  it('peers with streams or memory, and no connection', () => {
    const { manager } = managerFor()
    using conn = manager.openConnection('inbound', true, anyAddr)
    conn.setPeer(namedPeer('bob'))
    using _connected = manager.openStream(namedPeer('bob'), 'inbound')
    const stream = manager.openStream(alice, 'inbound')
    manager.viewPeer(namedPeer('carol'), scope => { scope.reserveMemory(3, 255) })
    assert.deepEqual(lines(manager.leaks()), ['peer alice: no-connection, undefined, 0', 'peer carol: no-connection, undefined, 3'])
    stream.done()
  })

  it('with leakDetection, everything that is open when the manager is closed', async () => {
    const { manager } = managerFor({ leakDetection: 'on' })
    const conn = manager.openConnection('inbound', true, anyAddr)
    conn.setPeer(alice)
    const stream = manager.openStream(alice, 'inbound')
    const span = conn.peerScope?.beginSpan()
    const owned = manager.ownedBy('service').openStream(alice, 'inbound')
    assert.deepEqual(manager.leaks(), [])
    await manager.close()
    assert.deepEqual(lines(manager.leaks()), [
      'connection 1: manager-closed, undefined, 0',
      'span 1 of peer alice: manager-closed, undefined, 0',
      'stream 1: manager-closed, undefined, 0',
      'stream 2: manager-closed, service, 0'
    ])
    for (const scope of [owned, span, stream, conn]) scope?.done()
    assert.deepEqual(manager.leaks(), [])
  })

  it('a view by an owner is the manager in everything else', async () => {
    const { manager } = managerFor()
    await using owned = manager.ownedBy('a')
    using stream = owned.openStream(alice, 'inbound')
    stream.setProtocol('/a')
    stream.setService('service')
    assert.deepEqual([
      owned.viewSystem(scope => scope.stat().numStreamsInbound),
      owned.viewTransient(scope => scope.stat().numStreamsInbound),
      owned.viewPeer(alice, scope => scope.stat().numStreamsInbound),
      owned.viewProtocol('/a', scope => scope.stat().numStreamsInbound),
      owned.viewService('service', scope => scope.stat().numStreamsInbound)
    ], [1, 0, 1, 1, 1])
  })

  it('a scope that is garbage-collected before it ended is reported, and shows as one that nobody can end', async () => {
    const misuse: Misuse[] = []
    const { manager } = managerFor({ leakDetection: 'warn', onMisuse: each => { misuse.push(each) } })
    const forget = (): void => {
      manager.ownedBy('careless').openConnection('inbound', true, anyAddr).beginSpan()
      manager.openConnection('inbound', true, anyAddr).done()
    }
    forget()
    await turn()
    await until(() => {
      collectGarbage()
      return misuse.length >= 2
    }, 'both are collected')
    assert.deepEqual(misuse.map(each => misuseText(each)).sort(), [
      'the scope of connection 1, opened by careless, was never ended: what it holds stays charged',
      'the scope of span 1 of connection 1, opened by careless, was never ended: what it holds stays charged'
    ])
    assert.deepEqual(manager.snapshot().misuse, { overReleases: 0, notEnded: 2 })
    assert.deepEqual(manager.leaks().map(({ scope, reason, stat }) => [scope.kind, reason, stat]), [['connection', 'not-ended', undefined], ['span', 'not-ended', undefined]])
  }).timeout(20_000)
})
