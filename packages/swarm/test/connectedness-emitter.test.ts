import assert from 'node:assert/strict'
import { nullLogger } from '@weir/adapters'
import { samplePeer, seededRandom } from '@weir/compliance'
import { Connectedness } from '@weir/network'
import { ConnectednessEmitter } from '../src/connectedness-emitter.ts'

const { connected, notConnected, limited } = Connectedness
const LOG = nullLogger.forComponent('test')

function emitterOf (states: Map<string, Connectedness>): { emitter: ConnectednessEmitter, told: string[] } {
  const emitter = new ConnectednessEmitter(LOG, peer => states.get(peer.toString()) ?? notConnected)
  const told: string[] = []
  emitter.add(({ connectedness }) => { told.push(connectedness) })
  return { emitter, told }
}

// connectedness_event_emitter_test
describe('ConnectednessEmitter', () => {
  const PEER = samplePeer(0)

  it('SingleConn: tells of one connection once, and once of its end', () => {
    const states = new Map<string, Connectedness>([[PEER.toString(), connected]])
    const { emitter, told } = emitterOf(states)
    emitter.added(PEER)
    emitter.added(PEER)
    emitter.removed(PEER)
    states.clear()
    emitter.removed(PEER)
    emitter.removed(PEER)
    assert.deepEqual(told, [connected, notConnected])
  })

  it('tells of each change between connected and limited', () => {
    const states = new Map<string, Connectedness>()
    const { emitter, told } = emitterOf(states)
    for (const state of [limited, connected, limited, connected]) {
      states.set(PEER.toString(), state)
      if (state === connected) emitter.added(PEER)
      else emitter.removed(PEER)
    }
    assert.deepEqual(told, [limited, connected, limited, connected])
  })

  it('RemoveBeforeAdd: a connection that has gone when it is told of is told of as gone', () => {
    const { emitter, told } = emitterOf(new Map())
    emitter.removed(PEER)
    assert.deepEqual(told, [])
    emitter.added(PEER)
    assert.deepEqual(told, [notConnected])
  })

  it('RandomOrders: two hundred peers that come and go, in any order, are told of exactly once for each change', () => {
    const random = seededRandom(3)
    const states = new Map<string, Connectedness>()
    const emitter = new ConnectednessEmitter(LOG, peer => states.get(peer.toString()) ?? notConnected)
    const told = new Map<string, Connectedness[]>()
    const expected = new Map<string, Connectedness[]>()
    const note = (to: Map<string, Connectedness[]>, peer: string, state: Connectedness): void => { to.set(peer, [...to.get(peer) ?? [], state]) }
    emitter.add(({ peer, connectedness }) => { note(told, peer.toString(), connectedness) })
    for (let step = 0; step < 20_000; step++) {
      const peer = { type: 'test', toString: () => `p${step * 7919 % 200}` }
      const before = states.get(peer.toString()) ?? notConnected
      const after = [connected, limited, notConnected][Math.floor(random() * 3)] ?? connected
      if (after === notConnected) states.delete(peer.toString())
      else states.set(peer.toString(), after)
      if (after !== before) note(expected, peer.toString(), after)
      if (after === notConnected || random() < 0.5) emitter.removed(peer)
      else emitter.added(peer)
    }
    assert.deepEqual(told, expected)
  })

  it('SlowConsumer: a listener that brings about changes hears of them in order, and so do the others', () => {
    const states = new Map<string, Connectedness>()
    const emitter = new ConnectednessEmitter(LOG, peer => states.get(peer.toString()) ?? notConnected)
    const heard: Record<'first' | 'second', string[]> = { first: [], second: [] }
    let changes = 0
    emitter.add(({ peer, connectedness }) => {
      heard.first.push(connectedness)
      if (++changes > 100) return
      if (connectedness === connected) states.delete(peer.toString())
      else states.set(peer.toString(), connected)
      emitter.removed(peer)
    })
    emitter.add(({ connectedness }) => { heard.second.push(connectedness) })
    states.set(PEER.toString(), connected)
    emitter.added(PEER)
    assert.equal(heard.first.length, 101)
    assert.deepEqual(heard.first, heard.second)
    assert(heard.first.every((state, index) => state === (index % 2 === 0 ? connected : notConnected)))
  })

  it('keeps what one throws from the others, and tells nobody who has left', () => {
    const states = new Map<string, Connectedness>([[PEER.toString(), connected]])
    const emitter = new ConnectednessEmitter(LOG, peer => states.get(peer.toString()) ?? notConnected)
    const told: number[] = []
    const listener = (): void => { told.push(1) }
    emitter.add(() => { throw new Error('mine') })
    const once = emitter.add(listener)
    emitter.add(listener)
    emitter.added(PEER)
    once[Symbol.dispose]()
    states.clear()
    emitter.removed(PEER)
    assert.equal(told.length, 3)
  })
})
