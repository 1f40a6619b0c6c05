import assert from 'node:assert/strict'
import { nullPeerstore, type Peerstore } from '@weir/network'
import { applicable, type KeyedPeer, peerstoreCases, type PeerstoreParts } from '../src/index.ts'
import { failingCases } from './failing-cases.ts'
import { rememberingPeerstore, type StoreMutant } from './remembering-peerstore.ts'

function fakeKey (text: string): KeyedPeer['key'] {
  return { toString: () => text } as KeyedPeer['key']
}

function subject (create: (parts: PeerstoreParts) => Peerstore): { create: typeof create, keyedPeer: () => KeyedPeer } {
  const peer = { type: 'RSA', toString: () => 'someone' }
  return { create, keyedPeer: () => ({ peer, key: fakeKey('key of someone'), otherKey: fakeKey('key of another') }) }
}

// Each way to break a store, and one case that must find it.
const FOUND: Readonly<Record<StoreMutant, string>> = {
  'never forgets': 'addresses are kept for their time and no longer',
  'on the wall clock': 'a jump of the wall clock changes nothing',
  'add shortens': 'addAddrs prolongs, and shortens nothing',
  'add of no time removes': 'addAddrs for no time adds nothing, and takes nothing away',
  'set only adds': 'setAddrs sets the time, shorter too',
  'update takes all': 'updateAddrs gives the addresses of one time another, from now on, and leaves the rest',
  'connected goes': 'connected and permanent addresses do not go by themselves',
  'keeps twice': 'an address is kept once',
  'keeps foreign addresses': 'an address that ends in the id of another peer is not kept',
  'own lists': 'a list belongs to whoever asked for it',
  'order of its own': 'supportsProtocols and firstSupportedProtocol answer in the order of the question',
  'sum of latencies': 'the latency is the first one at first, and then moves towards the later ones',
  'remove takes addresses': 'removePeer forgets all but the addresses',
  'remove keeps facts': 'removePeer forgets a peer without addresses for good, and no other',
  'takes any key': 'the key of another peer is refused with PeerKeyMismatchError, and not kept',
  'object as a map': 'nothing is known of a stranger',
  'no bound': 'a flood of peers with protocols keeps within the bound',
  'drives out the connected': 'a flood of peers with addresses drives no connected peer out',
  'leaves a timer': 'nothing is known of a stranger',
  'takes NaN': 'a latency that is none spoils nothing',
  'looks make peers': 'of a stranger, protocols leaves nothing behind'
}

describe('the suite of peerstores', () => {
  for (const c of applicable(peerstoreCases, { enforces: false, bounded: false, keys: false })) it(`the Null: ${c.name}`, () => c.run({ create: () => nullPeerstore }))

  it('passes for a store that remembers within bounds', async () => {
    assert.deepEqual(await failingCases(peerstoreCases, () => subject(rememberingPeerstore)), [])
  })

  for (const [mutant, name] of Object.entries(FOUND) as [StoreMutant, string][]) {
    it(`finds a store that is broken: ${mutant}`, async () => {
      const failing = await failingCases(peerstoreCases, () => subject(parts => rememberingPeerstore(parts, mutant)))
      assert(failing.includes(name), `failing were:\n${failing.join('\n')}`)
    })
  }

  it('asks for a peer with a key where the capability says so', async () => {
    const [c] = applicable(peerstoreCases, { enforces: true, bounded: true, keys: true }).filter(({ needs }) => needs?.includes('keys'))
    await assert.rejects(async () => { await c?.run({ create: rememberingPeerstore }) }, /needs `keyedPeer`/)
  })

  it('has a name of its own for each case', () => {
    assert.equal(new Set(peerstoreCases.map(({ name }) => name)).size, peerstoreCases.length)
  })
})
