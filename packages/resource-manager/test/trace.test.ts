import assert from 'node:assert/strict'
import { turn } from '@weir/compliance'
import { scopeName } from '@weir/network'
import type { TraceEvent } from '../src/index.ts'
import { limiterFor } from './limits-for.ts'
import { addrOf, anyAddr, managerFor, namedPeer, refusalOf } from './manager-for.ts'

const alice = namedPeer('alice')

function line ({ type, scope, delta, deltaInbound, deltaOutbound, stat, priority, limit }: TraceEvent): string {
  const deltas = [delta, deltaInbound, deltaOutbound].map(each => each ?? '-').join(' ')
  const { memoryBytes = 0, numConnsInbound = 0, numStreamsInbound = 0, numFD = 0 } = stat ?? {}
  return `${type} ${scope === undefined ? '' : scopeName(scope)} | ${deltas} | ${memoryBytes} ${numConnsInbound} ${numStreamsInbound} ${numFD}${priority === undefined ? '' : ` p${priority}`}${limit === undefined ? '' : ` of ${limit}`}`
}

describe('trace', () => {
  it('TestConsumeEvent: an event for every change of every scope, with what is in use behind it', async () => {
    const events: TraceEvent[] = []
    const { manager, clock } = managerFor({ trace: event => { events.push(event) } })
    const told = async (): Promise<string[]> => {
      await turn()
      return events.splice(0).map(line)
    }
    assert.deepEqual(await told(), ['start  | - - - | 0 0 0 0', ...['system', 'transient', 'allowlisted-system', 'allowlisted-transient'].map(name => `create_scope ${name} | - - - | 0 0 0 0`)])

    const conn = manager.openConnection('inbound', true, anyAddr)
    assert.deepEqual(events, [], 'not in the middle of it')
    assert.deepEqual(await told(), [
      'create_scope connection 1 | - - - | 0 0 0 0',
      'add_conn connection 1 | 1 1 0 | 0 1 0 1',
      'add_conn transient | 1 1 0 | 0 1 0 1',
      'add_conn system | 1 1 0 | 0 1 0 1'
    ])

    conn.reserveMemory(5, 203)
    conn.reserveMemory(0, 255)
    assert.deepEqual(await told(), [
      'reserve_memory connection 1 | 5 - - | 5 1 0 1 p203',
      'reserve_memory transient | 5 - - | 5 1 0 1 p203',
      'reserve_memory system | 5 - - | 5 1 0 1 p203'
    ])

    conn.setPeer(alice)
    assert.deepEqual(await told(), [
      'create_scope peer alice | - - - | 0 0 0 0',
      'reserve_memory peer alice | 5 - - | 5 1 0 1 p255',
      'add_conn peer alice | 1 1 0 | 5 1 0 1',
      'release_memory transient | -5 - - | 0 0 0 0',
      'remove_conn transient | -1 -1 0 | 0 0 0 0'
    ])

    const stream = manager.openStream(alice, 'inbound')
    stream.setProtocol('/a')
    stream.setService('service')
    assert.deepEqual((await told()).filter(each => !each.includes('system')), [
      'create_scope stream 1 | - - - | 0 0 0 0',
      'add_stream stream 1 | - 1 0 | 0 0 1 0',
      'add_stream peer alice | - 1 0 | 5 1 1 1',
      'add_stream transient | - 1 0 | 0 0 1 0',
      'create_scope protocol /a | - - - | 0 0 0 0',
      'add_stream protocol /a | - 1 0 | 0 0 1 0',
      'add_stream protocol /a of peer alice | - 1 0 | 0 0 1 0',
      'remove_stream transient | - -1 0 | 0 0 0 0',
      'create_scope service service | - - - | 0 0 0 0',
      'add_stream service service | - 1 0 | 0 0 1 0',
      'add_stream service service of peer alice | - 1 0 | 0 0 1 0'
    ])

    const span = manager.viewSystem(scope => scope.beginSpan())
    span.reserveMemory(3, 255)
    span.releaseMemory(1)
    span.done()
    assert.deepEqual(await told(), [
      'create_scope span 1 of system | - - - | 0 0 0 0',
      'reserve_memory system | 3 - - | 8 1 1 1 p255',
      'reserve_memory span 1 of system | 3 - - | 3 0 0 0 p255',
      'release_memory span 1 of system | -1 - - | 2 0 0 0',
      'release_memory system | -1 - - | 7 1 1 1',
      'release_memory system | -2 - - | 5 1 1 1',
      'destroy_scope span 1 of system | - - - | 0 0 0 0'
    ])

    stream.done()
    conn.done()
    assert.deepEqual((await told()).filter(each => each.startsWith('destroy')), ['destroy_scope stream 1 | - - - | 0 0 0 0', 'destroy_scope connection 1 | - - - | 0 0 0 0'])
    clock.advance(60_000)
    assert.deepEqual((await told()).sort(), ['destroy_scope peer alice | - - - | 0 0 0 0', 'destroy_scope protocol /a | - - - | 0 0 0 0', 'destroy_scope service service | - - - | 0 0 0 0'])
    await manager.close()
    manager.openStream(alice, 'inbound').done()
    assert.deepEqual(await told(), [])
  })

  it('a refusal is an event of the scope that refused, and of no other', async () => {
    const events: TraceEvent[] = []
    const { manager } = managerFor({
      trace: event => { events.push(event) },
      limits: limiterFor({ system: { memoryBytes: 10, fds: 1 }, peer: { streamsInbound: 0, streamsOutbound: 0 }, transient: { connsOutbound: 0 } }),
      subnetLimits: { v4: [{ prefixLength: 32, conns: 1 }] },
      rateLimits: { v6: [{ prefixLength: 128, perSecond: 0, burst: 0 }], peerStreams: { perSecond: 0, burst: 3 } }
    })
    using conn = manager.openConnection('inbound', true, addrOf('1.2.3.4'))
    refusalOf(() => manager.openConnection('inbound', true, addrOf('1.2.3.4')))
    refusalOf(() => manager.openConnection('inbound', true, addrOf('5.6.7.8')))
    refusalOf(() => manager.openConnection('outbound', false, addrOf('5.6.7.8')))
    refusalOf(() => manager.openConnection('inbound', true, addrOf('2001:db8::1')))
    refusalOf(() => { conn.reserveMemory(11, 100) })
    for (let i = 0; i < 4; i++) refusalOf(() => manager.openStream(alice, 'inbound'))
    refusalOf(() => manager.openStream(alice, 'outbound'))
    await turn()
    assert.deepEqual(events.filter(({ type }) => type.startsWith('block')).map(line), [
      'block_add_conn subnet 1.2.3.4/32 | - - 1 | 0 0 0 0 of 1',
      'block_add_conn system | 1 - - | 0 0 0 0 of 1',
      'block_add_conn transient | - - 1 | 0 0 0 0 of 0',
      'block_add_conn rate 2001:db8::1/128 | - - 1 | 0 0 0 0 of 0',
      'block_reserve_memory system | 11 - - | 0 0 0 0 p100 of 10',
      ...Array.from({ length: 3 }, () => 'block_add_stream peer alice | - 1 - | 0 0 0 0 of 0'),
      'block_add_stream peer alice | - 1 - | 0 0 0 0 of 3',
      'block_add_stream peer alice | - - 1 | 0 0 0 0 of 0'
    ])
  })

  it('TestNoAllocsNoCover, fault 6: without a listener nothing is made for one', () => {
    const { manager } = managerFor()
    let reads = 0
    const counted = { type: 'test', toString () { reads++; return 'counted' } }
    for (let i = 0; i < 10; i++) {
      using conn = manager.openConnection('inbound', true, anyAddr)
      conn.setPeer(counted)
      using stream = manager.openStream(counted, 'inbound')
      stream.setProtocol('/a')
    }
    assert.equal(reads, 20, 'the text of a peer is read once for each connection and each stream')
    assert.equal(manager.snapshot().traceEventsDropped, 0)
  })

  it('a listener may do what it likes with the manager, and may throw', async () => {
    let heard = 0
    const { manager } = managerFor({
      trace () {
        heard++
        if (heard < 20) manager.openConnection('inbound', true, anyAddr).done()
        throw new Error('of the listener')
      }
    })
    for (let i = 0; i < 50; i++) await turn()
    assert(heard >= 20)
    assert.equal(manager.snapshot().traceEventsDropped, heard)
    assert.equal(manager.viewSystem(scope => scope.stat().numConnsInbound), 0)
  })

  it('what is more than can wait is dropped and counted', async () => {
    let heard = 0
    const { manager } = managerFor({ trace () { heard++ } })
    for (let i = 0; i < 10_000; i++) manager.openConnection('inbound', true, anyAddr).done()
    const { traceEventsDropped } = manager.snapshot()
    await manager.close()
    assert.equal(heard, 50_000)
    assert.equal(traceEventsDropped, 5 + 10_000 * 7 - 50_000)
  })
})
