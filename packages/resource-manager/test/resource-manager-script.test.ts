import assert from 'node:assert/strict'
import type { ResourceScope, ScopeStat } from '@weir/network'
import type { Limit, Limiter } from '../src/index.ts'
import { anyAddr, managerFor, namedPeer, refusalOf, used } from './manager-for.ts'

const none: Limit = { memoryBytes: 0, streams: 0, streamsInbound: 0, streamsOutbound: 0, conns: 0, connsInbound: 0, connsOutbound: 0, fd: 0 }

function streams (streamsInbound: number, streamsOutbound: number, total: number): Limit {
  return { ...none, memoryBytes: 16_384, streamsInbound, streamsOutbound, streams: total }
}

function conns (limit: Limit, connsInbound: number, connsOutbound: number, total: number, fd: number): Limit {
  return { ...limit, connsInbound, connsOutbound, conns: total, fd }
}

const limits: Limiter = {
  systemLimits: () => conns(streams(3, 3, 6), 3, 3, 6, 2),
  transientLimits: () => conns(streams(1, 1, 2), 1, 1, 2, 1),
  allowlistedSystemLimits: () => none,
  allowlistedTransientLimits: () => none,
  serviceLimits: name => ['svcA', 'svcB'].includes(name) ? streams(2, 2, 4) : streams(1, 1, 2),
  servicePeerLimits: name => name === 'svcB' ? streams(1, 1, 2) : streams(5, 5, 10),
  protocolLimits: id => id === '/A' ? streams(2, 2, 2) : streams(1, 1, 2),
  protocolPeerLimits: id => id === '/B' ? streams(1, 1, 2) : streams(5, 5, 10),
  peerLimits: peer => String(peer) === 'A' ? conns(streams(2, 2, 4), 2, 2, 4, 1) : conns(streams(1, 1, 2), 1, 1, 2, 1),
  streamLimits: () => streams(1, 1, 1),
  connLimits: () => conns(none, 1, 1, 1, 1)
}

const A = namedPeer('A')
const B = namedPeer('B')

// The counts of references that the original looks at are replaced by what they stand for: who is listed, and what is in use.
describe('TestResourceManager', () => {
  const { manager, clock } = managerFor({ limits })

  type Use = Partial<ScopeStat>
  function assertUse (expected: { system?: Use, transient?: Use, A?: Use, B?: Use, protoA?: Use, protoB?: Use, svcA?: Use, svcB?: Use }): void {
    const listed = (names: { toString (): string }[], name: string): boolean => names.some(each => each.toString() === name)
    const named: [keyof typeof expected, boolean, <T>(fn: (scope: ResourceScope) => T) => T][] = [
      ['A', listed(manager.listPeers(), 'A'), fn => manager.viewPeer(A, fn)],
      ['B', listed(manager.listPeers(), 'B'), fn => manager.viewPeer(B, fn)],
      ['protoA', listed(manager.listProtocols(), '/A'), fn => manager.viewProtocol('/A', fn)],
      ['protoB', listed(manager.listProtocols(), '/B'), fn => manager.viewProtocol('/B', fn)],
      ['svcA', listed(manager.listServices(), 'svcA'), fn => manager.viewService('svcA', fn)],
      ['svcB', listed(manager.listServices(), 'svcB'), fn => manager.viewService('svcB', fn)]
    ]
    const found = Object.fromEntries(named.flatMap(([name, isListed, view]) => isListed ? [[name, view(used)]] : []))
    assert.deepEqual({ system: manager.viewSystem(used), transient: manager.viewTransient(used), ...found }, { system: {}, transient: {}, ...expected })
  }
  const collect = (): void => { clock.advance(60_000) }
  const fdConn = { numConnsInbound: 1, numFD: 1 }

  it('goes as it goes in Go, step by step', async () => {
    assertUse({}) // 1
    let conn = manager.openConnection('inbound', true, anyAddr) // 2
    assertUse({ system: fdConn, transient: fdConn })
    refusalOf(() => manager.openConnection('inbound', true, anyAddr)) // 3
    refusalOf(() => manager.openConnection('inbound', false, anyAddr))
    assertUse({ system: fdConn, transient: fdConn })
    conn.done() // 4
    assertUse({})

    conn = manager.openConnection('inbound', true, anyAddr) // 5
    assert.equal(conn.peerScope, undefined)
    conn.setPeer(A)
    assertUse({ system: fdConn, A: fdConn })

    let conn2 = manager.openConnection('inbound', true, anyAddr) // 6
    assertUse({ system: { numConnsInbound: 2, numFD: 2 }, transient: fdConn, A: fdConn })
    assert.equal(refusalOf(() => conn2.setPeer(A)).resource, 'fd')
    assertUse({ system: { numConnsInbound: 2, numFD: 2 }, transient: fdConn, A: fdConn })

    conn2.done() // 7
    conn2 = manager.openConnection('inbound', false, anyAddr)
    conn2.setPeer(A)
    const two = { numConnsInbound: 2, numFD: 1 }
    assertUse({ system: two, A: two })

    let stream1 = manager.openStream(A, 'inbound') // 8
    const withStream = { ...two, numStreamsInbound: 1 }
    assertUse({ system: withStream, transient: { numStreamsInbound: 1 }, A: withStream })
    refusalOf(() => manager.openStream(A, 'inbound'))
    stream1.done()
    assertUse({ system: two, A: two })

    stream1 = manager.openStream(A, 'inbound') // 9
    assert.equal(stream1.protocolScope, undefined)
    stream1.setProtocol('/A')
    assertUse({ system: withStream, A: withStream, protoA: { numStreamsInbound: 1 } })

    let stream2 = manager.openStream(A, 'inbound') // 10
    const withStreams = { ...two, numStreamsInbound: 2 }
    assertUse({ system: withStreams, transient: { numStreamsInbound: 1 }, A: withStreams, protoA: { numStreamsInbound: 1 } })
    stream2.setProtocol('/A')
    assertUse({ system: withStreams, A: withStreams, protoA: { numStreamsInbound: 2 } })

    const stream3 = manager.openStream(B, 'inbound') // 11
    const three = { ...two, numStreamsInbound: 3 }
    const before = { system: three, transient: { numStreamsInbound: 1 }, A: withStreams, B: { numStreamsInbound: 1 }, protoA: { numStreamsInbound: 2 } }
    assertUse(before)
    assert.equal(refusalOf(() => { stream3.setProtocol('/A') }).scope.kind, 'protocol')
    assertUse(before)
    stream3.setProtocol('/B')
    const attached = { system: three, A: withStreams, B: { numStreamsInbound: 1 }, protoA: { numStreamsInbound: 2 }, protoB: { numStreamsInbound: 1 } }
    assertUse(attached)

    stream1.setService('svcA') // 12
    assertUse({ ...attached, svcA: { numStreamsInbound: 1 } })
    stream2.setService('svcA')
    assertUse({ ...attached, svcA: { numStreamsInbound: 2 } })
    assert.equal(refusalOf(() => { stream3.setService('svcA') }).scope.kind, 'service')
    assertUse({ ...attached, svcA: { numStreamsInbound: 2 } })

    for (const scope of [stream3, stream2, stream1, conn2, conn]) scope.done() // 13
    assertUse({ A: {}, B: {}, protoA: {}, protoB: {}, svcA: {} })
    collect()
    assertUse({})

    conn = manager.openConnection('inbound', true, anyAddr) // 14
    conn.setPeer(A)
    stream1 = manager.openStream(A, 'inbound')
    stream1.setProtocol('/B')
    stream2 = manager.openStream(A, 'inbound')
    assert.equal(refusalOf(() => { stream2.setProtocol('/B') }).scope.kind, 'protocol', 'protocol B has room for one stream itself')
    stream1.done()
    stream2.done()

    stream1 = manager.openStream(A, 'inbound') // 15
    stream1.setProtocol('/A')
    stream1.setService('svcB')
    stream2 = manager.openStream(A, 'inbound')
    stream2.setProtocol('/A')
    assert.equal(refusalOf(() => { stream2.setService('svcB') }).scope.kind, 'service-peer')
    stream1.done()
    stream2.done()
    collect()
    assertUse({ system: fdConn, A: fdConn })
    conn.done()
    await manager.close()
    assert.equal(clock.pendingTimers, 0)
  })

  it('a second stream of a peer is refused by what a peer may have of a protocol', () => {
    const { manager } = managerFor({ limits: { ...limits, protocolLimits: () => streams(2, 2, 4) } })
    using first = manager.openStream(A, 'inbound')
    first.setProtocol('/B')
    using second = manager.openStream(A, 'inbound')
    assert.equal(refusalOf(() => { second.setProtocol('/B') }).scope.kind, 'protocol-peer')
    assert.deepEqual(manager.viewTransient(used), { numStreamsInbound: 1 })
  })
})
