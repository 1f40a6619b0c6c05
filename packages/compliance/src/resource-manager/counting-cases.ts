import { sampleAddr } from '../sample-addr.ts'
import { samplePeer } from '../sample-peer.ts'
import { assertStat } from './assert-stat.ts'
import { enforcedCase, type ManagerCase } from './manager-case.ts'

const alice = samplePeer(1)
const bob = samplePeer(2)

/** What is counted where, without any limit. */
export const countingCases: readonly ManagerCase[] = [
  enforcedCase('a connection without a peer counts in itself, transient and system', {}, manager => {
    using conn = manager.openConnection('inbound', true, sampleAddr(1))
    const one = { numConnsInbound: 1, numFD: 1 }
    assertStat(conn, one, 'connection')
    manager.viewTransient(scope => { assertStat(scope, one, 'transient') })
    manager.viewSystem(scope => { assertStat(scope, one, 'system') })
  }),
  enforcedCase('a connection that takes no file descriptor counts none', {}, manager => {
    using _conn = manager.openConnection('outbound', false, sampleAddr(1))
    manager.viewSystem(scope => { assertStat(scope, { numConnsOutbound: 1 }, 'system') })
  }),
  enforcedCase('an unknown direction counts as outbound', {}, manager => {
    using _conn = manager.openConnection('unknown', false, sampleAddr(1))
    using _stream = manager.openStream(alice, 'unknown')
    manager.viewSystem(scope => { assertStat(scope, { numConnsOutbound: 1, numStreamsOutbound: 1 }, 'system') })
  }),
  enforcedCase('setPeer moves a connection with its memory from transient to its peer', {}, manager => {
    using conn = manager.openConnection('inbound', true, sampleAddr(1))
    conn.reserveMemory(100, 255)
    conn.setPeer(alice)
    const one = { numConnsInbound: 1, numFD: 1, memoryBytes: 100 }
    manager.viewTransient(scope => { assertStat(scope, {}, 'transient') })
    manager.viewPeer(alice, scope => { assertStat(scope, one, 'peer') })
    manager.viewPeer(bob, scope => { assertStat(scope, {}, 'another peer') })
    manager.viewSystem(scope => { assertStat(scope, one, 'system: once, not twice') })
    conn.done()
    manager.viewPeer(alice, scope => { assertStat(scope, {}, 'peer behind the end') })
  }),
  enforcedCase('a stream without a protocol counts in itself, its peer, transient and system', {}, manager => {
    using stream = manager.openStream(alice, 'outbound')
    const one = { numStreamsOutbound: 1 }
    assertStat(stream, one, 'stream')
    manager.viewPeer(alice, scope => { assertStat(scope, one, 'peer') })
    manager.viewTransient(scope => { assertStat(scope, one, 'transient') })
    manager.viewSystem(scope => { assertStat(scope, one, 'system') })
  }),
  enforcedCase('setProtocol moves a stream with its memory from transient to its protocol, setService adds its service', {}, manager => {
    using stream = manager.openStream(alice, 'inbound')
    stream.reserveMemory(100, 255)
    stream.setProtocol('/a/1')
    const one = { numStreamsInbound: 1, memoryBytes: 100 }
    manager.viewTransient(scope => { assertStat(scope, {}, 'transient') })
    manager.viewProtocol('/a/1', scope => { assertStat(scope, one, 'protocol') })
    manager.viewService('service', scope => { assertStat(scope, {}, 'service before setService') })
    stream.setService('service')
    manager.viewService('service', scope => { assertStat(scope, one, 'service') })
    manager.viewProtocol('/a/1', scope => { assertStat(scope, one, 'protocol, still') })
    manager.viewPeer(alice, scope => { assertStat(scope, one, 'peer') })
    manager.viewSystem(scope => { assertStat(scope, one, 'system: once') })
    stream.done()
    manager.viewProtocol('/a/1', scope => { assertStat(scope, {}, 'protocol behind the end') })
    manager.viewService('service', scope => { assertStat(scope, {}, 'service behind the end') })
  }),
  enforcedCase('the scopes that a connection and a stream show are those that views lend', {}, manager => {
    using conn = manager.openConnection('inbound', true, sampleAddr(1))
    const peerScope = conn.setPeer(alice)
    peerScope.reserveMemory(70, 255) // as a muxer does
    manager.viewPeer(alice, scope => { assertStat(scope, { numConnsInbound: 1, numFD: 1, memoryBytes: 70 }, 'peer') })
    using stream = manager.openStream(alice, 'inbound')
    stream.setProtocol('/a/1')
    stream.protocolScope?.reserveMemory(30, 255)
    manager.viewProtocol('/a/1', scope => { assertStat(scope, { numStreamsInbound: 1, memoryBytes: 30 }, 'protocol') })
    manager.viewSystem(scope => { assertStat(scope, { numConnsInbound: 1, numFD: 1, numStreamsInbound: 1, memoryBytes: 100 }, 'system') })
    stream.protocolScope?.releaseMemory(30)
    peerScope.releaseMemory(70)
    assertStat(peerScope, { numConnsInbound: 1, numFD: 1, numStreamsInbound: 1 }, 'peer behind the release')
  }),
  enforcedCase('memory counts in all scopes above, and comes back from all of them', {}, manager => {
    using stream = manager.openStream(alice, 'inbound')
    stream.setProtocol('/a/1')
    stream.setService('service')
    const everywhere = (memoryBytes: number): void => {
      const expected = { numStreamsInbound: 1, memoryBytes }
      assertStat(stream, expected, 'stream')
      manager.viewService('service', scope => { assertStat(scope, expected, 'service') })
      manager.viewProtocol('/a/1', scope => { assertStat(scope, expected, 'protocol') })
      manager.viewPeer(alice, scope => { assertStat(scope, expected, 'peer') })
      manager.viewSystem(scope => { assertStat(scope, expected, 'system') })
    }
    stream.reserveMemory(0, 0)
    everywhere(0)
    stream.reserveMemory(100, 255)
    everywhere(100)
    stream.reserveMemory(23, 255)
    everywhere(123)
    stream.releaseMemory(100)
    everywhere(23)
    stream.releaseMemory(23)
    everywhere(0)
  }),
  enforcedCase('spans count in what they are spans of, and give back at their end what they hold', {}, manager => {
    using conn = manager.openConnection('inbound', false, sampleAddr(1))
    const outer = conn.beginSpan()
    const inner = outer.beginSpan()
    const sibling = conn.beginSpan()
    outer.reserveMemory(10, 255)
    inner.reserveMemory(20, 255)
    sibling.reserveMemory(40, 255)
    assertStat(inner, { memoryBytes: 20 }, 'inner')
    assertStat(outer, { memoryBytes: 30 }, 'outer')
    assertStat(conn, { numConnsInbound: 1, memoryBytes: 70 }, 'connection')
    manager.viewSystem(scope => { assertStat(scope, { numConnsInbound: 1, memoryBytes: 70 }, 'system') })
    inner.releaseMemory(5)
    assertStat(outer, { memoryBytes: 25 }, 'outer behind the release')
    inner.done()
    assertStat(outer, { memoryBytes: 10 }, 'outer behind the end of inner')
    outer.done()
    assertStat(conn, { numConnsInbound: 1, memoryBytes: 40 }, 'connection behind the end of outer')
    sibling.done()
    manager.viewTransient(scope => { assertStat(scope, { numConnsInbound: 1 }, 'transient') })
  }),
  enforcedCase('a span moves with its owner', {}, manager => {
    using conn = manager.openConnection('inbound', false, sampleAddr(1))
    using span = conn.beginSpan()
    span.reserveMemory(100, 255)
    conn.setPeer(alice)
    manager.viewTransient(scope => { assertStat(scope, {}, 'transient') })
    manager.viewPeer(alice, scope => { assertStat(scope, { numConnsInbound: 1, memoryBytes: 100 }, 'peer') })
    span.releaseMemory(40)
    manager.viewPeer(alice, scope => { assertStat(scope, { numConnsInbound: 1, memoryBytes: 60 }, 'peer') })
  }),
  enforcedCase('ending an outer span first leaves nothing of the inner one', {}, manager => {
    using stream = manager.openStream(alice, 'inbound')
    const outer = stream.beginSpan()
    const inner = outer.beginSpan()
    inner.reserveMemory(100, 255)
    outer.done()
    assertStat(stream, { numStreamsInbound: 1 }, 'stream')
    inner.releaseMemory(100)
    inner.done()
    assertStat(stream, { numStreamsInbound: 1 }, 'stream')
  }),
  enforcedCase('releasing more than was reserved takes nothing from others and makes no count negative', {}, manager => {
    using conn = manager.openConnection('inbound', false, sampleAddr(1))
    using other = manager.openConnection('inbound', false, sampleAddr(2))
    other.reserveMemory(100, 255)
    conn.reserveMemory(10, 255)
    try {
      conn.releaseMemory(50)
      conn.releaseMemory(50)
    } catch {} // reporting it by throwing is allowed
    assertStat(other, { numConnsInbound: 1, memoryBytes: 100 }, 'the other connection')
    for (const [name, memoryBytes] of [['connection', conn.stat().memoryBytes], ['transient', manager.viewTransient(scope => scope.stat().memoryBytes) - 100], ['system', manager.viewSystem(scope => scope.stat().memoryBytes) - 100]] as const) {
      if (memoryBytes !== 0 && memoryBytes !== 10) throw new Error(`${name}: ${memoryBytes} bytes of this connection, where 10 were reserved and no more than that can be given back`)
    }
  })
]
