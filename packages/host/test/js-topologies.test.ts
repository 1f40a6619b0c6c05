import assert from 'node:assert/strict'
import type { Connection, Peer, PeerId, Topology } from '@libp2p/interface'
import { nullLogger } from '@weir/adapters'
import { turn } from '@weir/compliance'
import { JsTopologies } from '../src/js-topologies.ts'
import { anyPeer } from './fake-conn.ts'
import { nothingUnhandled } from './unhandled.ts'

const peerId = await anyPeer()
const direct = {} as Connection
const limited = { limits: { seconds: 60 } } as Connection

function recorder (extra: Partial<Topology> = {}): { calls: string[], topology: Topology } {
  const calls: string[] = []
  return { calls, topology: { onConnect: () => { calls.push('connect') }, onDisconnect: () => { calls.push('disconnect') }, ...extra } }
}

function memoryFilter (): NonNullable<Topology['filter']> {
  const peers = new Set<string>()
  return { has: (peer: PeerId) => peers.has(String(peer)), add: peer => { peers.add(String(peer)) }, remove: peer => { peers.delete(String(peer)) } }
}

const peerWith = (...protocols: string[]): Peer => ({ id: peerId, protocols }) as unknown as Peer

describe('JsTopologies', () => {
  it('tells of identified peers that speak the protocol, once for each mention', () => {
    const topologies = new JsTopologies(nullLogger)
    const { calls, topology } = recorder()
    topologies.add('/a', topology)
    topologies.identified({ peerId, protocols: ['/b'], connection: direct })
    topologies.identified({ peerId, protocols: ['/a', '/a'], connection: direct })
    assert.deepEqual(calls, ['connect'])
  })

  it('leaves limited connections out, but for those who want them', () => {
    const topologies = new JsTopologies(nullLogger)
    const one = recorder()
    const two = recorder({ notifyOnLimitedConnection: true })
    topologies.add('/a', one.topology)
    topologies.add('/a', two.topology)
    topologies.identified({ peerId, protocols: ['/a'], connection: limited })
    assert.deepEqual([one.calls, two.calls], [[], ['connect']])
  })

  it('keeps the filter, and tells no peer twice', () => {
    const topologies = new JsTopologies(nullLogger)
    const { calls, topology } = recorder({ filter: memoryFilter() })
    topologies.add('/a', topology)
    topologies.identified({ peerId, protocols: ['/a'], connection: direct })
    topologies.identified({ peerId, protocols: ['/a'], connection: direct })
    topologies.disconnected(peerId, ['/a'])
    topologies.disconnected(peerId, ['/a'])
    topologies.identified({ peerId, protocols: ['/a'], connection: direct })
    assert.deepEqual(calls, ['connect', 'disconnect', 'connect'])
  })

  it('tells of a peer that speaks the protocol no more', () => {
    const topologies = new JsTopologies(nullLogger)
    const { calls, topology } = recorder()
    topologies.add('/a', topology)
    topologies.updated({ peer: peerWith('/a', '/b'), previous: peerWith('/a') })
    topologies.updated({ peer: peerWith('/a') })
    assert.deepEqual(calls, [])
    topologies.updated({ peer: peerWith('/b'), previous: peerWith('/a') })
    assert.deepEqual(calls, ['disconnect'])
  })

  it('is left by its id', () => {
    const topologies = new JsTopologies(nullLogger)
    const { calls, topology } = recorder()
    const id = topologies.add('/a', topology)
    assert.deepEqual(topologies.of('/a'), [topology])
    topologies.remove(id)
    topologies.remove('unknown')
    topologies.identified({ peerId, protocols: ['/a'], connection: direct })
    assert.deepEqual([topologies.of('/a'), calls], [[], []])
  })

  it('survives topologies that throw, and calls the others', async () => {
    await using _ = nothingUnhandled()
    const topologies = new JsTopologies(nullLogger)
    const { calls, topology } = recorder()
    topologies.add('/a', { onConnect () { throw new Error('now') } })
    topologies.add('/a', { async onConnect () { await turn(); throw new Error('later') } })
    topologies.add('/a', topology)
    topologies.identified({ peerId, protocols: ['/a'], connection: direct })
    await turn()
    assert.deepEqual(calls, ['connect'])
  })
})
