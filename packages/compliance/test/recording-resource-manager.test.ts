import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { ResourceLimitExceededError } from '@weir/network'
import { failingResourceManager, recordingGater, recordingResourceManager } from '../src/index.ts'

const peer = { type: 'test', toString: () => 'alice' }
const endpoint = multiaddr('/ip4/192.0.2.1/tcp/4001')

describe('recordingResourceManager', () => {
  it('writes down every call in order', () => {
    const log: string[] = []
    const manager = recordingResourceManager(log)
    const conn = manager.openConnection('outbound', true, endpoint)
    assert.equal(conn.peerScope, undefined)
    const peerScope = conn.setPeer(peer)
    peerScope.reserveMemory(10, 255)
    const stream = manager.openStream(peer, 'inbound')
    stream.setProtocol('/x')
    stream.setService('svc')
    using span = stream.beginSpan()
    span.reserveMemory(1, 2)
    span.done()
    stream.done()
    peerScope.releaseMemory(10)
    conn.done()
    assert.deepEqual(log, [
      'openConnection outbound fd /ip4/192.0.2.1/tcp/4001', 'conn.setPeer alice', 'peer.reserveMemory 10 255',
      'openStream inbound alice', 'stream.setProtocol /x', 'stream.setService svc', 'stream.beginSpan', 'span.reserveMemory 1 2', 'span.done',
      'stream.done', 'peer.releaseMemory 10', 'conn.done'
    ])
    manager.assertAllEnded()
  })

  it('leaves the descriptor out where none is used', () => {
    const manager = recordingResourceManager()
    manager.openConnection('inbound', false, endpoint).done()
    assert.deepEqual(manager.log, ['openConnection inbound /ip4/192.0.2.1/tcp/4001', 'conn.done'])
  })

  it('does not write down that an ended scope is ended again', () => {
    const manager = recordingResourceManager()
    const conn = manager.openConnection('inbound', true, endpoint)
    conn.done()
    conn.done()
    conn[Symbol.dispose]()
    assert.equal(manager.log.filter(line => line === 'conn.done').length, 1)
  })

  it('names every scope that was not ended, and memory that was not given back', () => {
    const manager = recordingResourceManager()
    const conn = manager.openConnection('inbound', true, endpoint)
    conn.setPeer(peer).reserveMemory(7, 255)
    const stream = manager.openStream(peer, 'outbound')
    const span = stream.beginSpan()
    assert.deepEqual(manager.leftOpen(), ['openConnection inbound fd /ip4/192.0.2.1/tcp/4001', 'openStream outbound alice', 'stream.beginSpan', '7 bytes on peer alice'])
    assert.throws(() => { manager.assertAllEnded() }, { name: 'AssertionError', message: /openStream outbound alice/ })
    span.done()
    stream.done()
    conn.done()
    assert.throws(() => { manager.assertAllEnded() }, /7 bytes on peer alice/)
    manager.viewPeer(peer, scope => { scope.releaseMemory(7) })
    manager.assertAllEnded()
  })

  it('writes down what is refused, which opens nothing', () => {
    const manager = recordingResourceManager([], failingResourceManager({ failAt: 1 }))
    assert.throws(() => manager.openConnection('inbound', true, endpoint), ResourceLimitExceededError.is)
    assert.deepEqual(manager.log, ['openConnection inbound fd /ip4/192.0.2.1/tcp/4001 threw RESOURCE_LIMIT_EXCEEDED'])
    manager.assertAllEnded()
  })

  it('passes the views on', () => {
    const manager = recordingResourceManager()
    assert.equal(manager.viewSystem(scope => scope.stat().numFD), 0)
    assert.equal(manager.viewTransient(() => 2), 2)
    assert.equal(manager.viewPeer(peer, scope => scope.peer), peer)
    assert.equal(manager.viewService('s', scope => scope.name), 's')
    assert.equal(manager.viewProtocol('/p', scope => scope.protocol), '/p')
  })

  it('shows a stream what it is attached to', () => {
    const stream = recordingResourceManager().openStream(peer, 'inbound')
    assert.equal(stream.peerScope.peer, peer)
    const attached = (): unknown[] => [stream.protocolScope?.protocol, stream.serviceScope?.name]
    assert.deepEqual(attached(), [undefined, undefined])
    stream.setProtocol('/x')
    stream.setService('svc')
    assert.deepEqual(attached(), ['/x', 'svc'])
  })
})

describe('failingResourceManager', () => {
  function attempt (manager: ReturnType<typeof recordingResourceManager>): void {
    using conn = manager.openConnection('inbound', true, endpoint)
    conn.setPeer(peer)
    using stream = manager.openStream(peer, 'inbound')
    stream.setProtocol('/x')
    stream.setService('svc')
    stream.reserveMemory(1, 255)
    using _span = stream.beginSpan()
  }

  it('refuses each step in turn, and no other', () => {
    const refused: string[] = []
    for (let failAt = 1, done = false; !done; failAt++) {
      const failing = failingResourceManager({ failAt })
      const manager = recordingResourceManager([], failing)
      try {
        attempt(manager)
      } catch (error) {
        assert(ResourceLimitExceededError.is(error))
      }
      refused.push(...manager.log.filter(line => line.endsWith('threw RESOURCE_LIMIT_EXCEEDED')).map(line => line.split(' ')[0] ?? ''))
      manager.assertAllEnded()
      done = failing.calls < failAt
    }
    assert.deepEqual(refused, ['openConnection', 'conn.setPeer', 'openStream', 'stream.setProtocol', 'stream.setService', 'stream.reserveMemory', 'stream.beginSpan'])
  })

  it('refuses nothing at Infinity, and no other odd number', () => {
    const failing = failingResourceManager({ failAt: Infinity })
    attempt(recordingResourceManager([], failing))
    assert.equal(failing.calls, 7)
    for (const failAt of [0, -1, 1.5, Number.NaN]) assert.throws(() => failingResourceManager({ failAt }), RangeError)
  })
})

describe('recordingGater', () => {
  it('writes down what is asked and what is denied', () => {
    const denial = { rule: 'banned', code: 'DENIED', message: 'no' }
    const allowing = recordingGater()
    const gater = recordingGater(allowing.log, { ...allowing, interceptSecured: () => denial, interceptAccept: () => { throw new Error('broken') } })
    const addrs = { localMultiaddr: endpoint, remoteMultiaddr: endpoint }
    gater.interceptPeerDial(peer)
    allowing.log.length = 0
    allowing.interceptPeerDial(peer)
    allowing.interceptAddrDial(peer, endpoint)
    allowing.interceptAccept(addrs)
    allowing.interceptSecured('inbound', peer, addrs)
    allowing.interceptUpgraded({} as never)
    assert.equal(gater.interceptSecured('outbound', peer, addrs), denial)
    assert.throws(() => gater.interceptAccept(addrs), /broken/)
    assert.deepEqual(allowing.log, ['gater.peerDial', 'gater.addrDial', 'gater.accept', 'gater.secured inbound', 'gater.upgraded', 'gater.secured outbound denied banned', 'gater.accept threw'])
  })
})
