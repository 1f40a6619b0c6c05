import assert from 'node:assert/strict'
import fc from 'fast-check'
import { largest } from '../src/largest.ts'
import { limiterFor } from './limits-for.ts'
import { anyAddr, managerFor, namedPeer, refusalOf } from './manager-for.ts'

describe('snapshot', () => {
  it('TestReportSystemLimits: has use, limits and percents of the scopes that are always there', () => {
    const { manager, clock } = managerFor({ limits: limiterFor({ system: { conns: 10, connsInbound: 4, fds: 0, memoryBytes: 200 }, transient: { streams: 0 } }), allowlist: ['/ip4/1.2.3.4'] })
    using conn = manager.openConnection('inbound', false, anyAddr)
    conn.reserveMemory(50, 255)
    refusalOf(() => manager.openStream(namedPeer('a'), 'inbound'))
    const { takenAtMs, system, transient, allowlistedSystem, numAllowlistEntries, refusals, numPeers } = manager.snapshot()
    assert.equal(takenAtMs, clock.wallMs())
    assert.deepEqual(system, {
      stat: { numStreamsInbound: 0, numStreamsOutbound: 0, numConnsInbound: 1, numConnsOutbound: 0, numFD: 0, memoryBytes: 50 },
      limit: { memoryBytes: 200, streams: Infinity, streamsInbound: Infinity, streamsOutbound: Infinity, conns: 10, connsInbound: 4, connsOutbound: Infinity, fd: 0 },
      percent: { memoryBytes: 25, streams: 0, streamsInbound: 0, streamsOutbound: 0, conns: 10, connsInbound: 25, connsOutbound: 0, fd: 100 }
    })
    assert.deepEqual(transient.limit, { memoryBytes: Infinity, streams: 0, streamsInbound: Infinity, streamsOutbound: Infinity, conns: Infinity, connsInbound: Infinity, connsOutbound: Infinity, fd: Infinity })
    assert.equal(transient.percent.streams, 100)
    assert.equal(allowlistedSystem.stat.numConnsInbound, 0)
    assert.deepEqual([numAllowlistEntries, numPeers], [1, 1])
    assert.deepEqual(refusals, [{ scope: 'transient', resource: 'stream', direction: undefined, count: 1 }])
  })

  it('names peers, protocols and services at the level all, and the largest peers when asked', () => {
    const { manager } = managerFor()
    using held = new DisposableStack()
    for (const [name, bytes, streams] of [['a', 10, 1], ['b', 30, 1], ['c', 10, 2], ['d', 0, 3]] as const) {
      for (let i = 0; i < streams; i++) {
        const stream = held.use(manager.openStream(namedPeer(name), 'inbound'))
        stream.setProtocol('/a')
        stream.setService('service')
        if (i === 0) stream.reserveMemory(bytes, 255)
      }
    }
    const totals = manager.snapshot({ top: 3 })
    assert.deepEqual(totals.largestPeers.map(({ name, stat }) => [name, stat.memoryBytes, stat.numStreamsInbound]), [['b', 30, 1], ['c', 10, 2], ['a', 10, 1]])
    assert.deepEqual([totals.peers, totals.protocols, totals.services], [undefined, undefined, undefined])
    const all = manager.snapshot({ level: 'all' })
    assert.deepEqual(all.largestPeers, [])
    assert.deepEqual(all.peers?.map(({ name }) => name), ['a', 'b', 'c', 'd'])
    assert.deepEqual(all.protocols?.map(({ name, stat }) => [name, stat.numStreamsInbound]), [['/a', 7]])
    assert.deepEqual(all.services?.map(({ name, stat }) => [name, stat.memoryBytes]), [['service', 50]])
    assert.deepEqual(structuredClone(all), all)
  })

  it('of the totals costs the same with many peers: it looks at none', () => {
    const { manager } = managerFor()
    using held = new DisposableStack()
    for (let i = 0; i < 1_000; i++) held.use(manager.openStream(namedPeer(`${i}`), 'inbound'))
    let looked = 0
    const { values } = Map.prototype
    const entries = Map.prototype[Symbol.iterator]
    Map.prototype.values = function () { looked += this.size; return values.call(this) }
    Map.prototype[Symbol.iterator] = function () { looked += this.size; return entries.call(this) }
    try {
      assert.equal(manager.snapshot().system.stat.numStreamsInbound, 1_000)
    } finally {
      Map.prototype.values = values
      Map.prototype[Symbol.iterator] = entries
    }
    assert(looked < 100, `${looked} entries were looked at`)
  })

  it('refuses options that are none', () => {
    const { manager } = managerFor()
    assert.throws(() => manager.snapshot({ levels: 'all' } as object), TypeError)
    assert.throws(() => manager.snapshot({ level: 'some' as 'all' }), TypeError)
    for (const top of [-1, 0.5, Number.NaN, Infinity]) assert.throws(() => manager.snapshot({ top }), RangeError)
  })

  it('largest gives what sorting gives', () => {
    fc.assert(fc.property(fc.array(fc.nat(20)), fc.integer({ min: 1, max: 8 }), (values, count) => {
      assert.deepEqual(largest(values, count, (a, b) => a - b), values.toSorted((a, b) => b - a).slice(0, count))
    }))
  })
})
