import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { applicable, networkCases, type NetworkSubject } from '../src/index.ts'
import { failingCases } from './failing-cases.ts'
import { type Hub, MemoryNetwork } from './memory-network.ts'
import type { NetworkMutant } from './network-mutant.ts'

function memory (...broken: NetworkMutant[]): NetworkSubject {
  const hub: Hub = new Map()
  let count = 0
  return { create: parts => new MemoryNetwork(hub, `network-${++count}`, parts, broken), listenAddr: multiaddr('/memory/0') }
}

// Each way to break a network, and one case that must find it.
const FOUND: Readonly<Record<NetworkMutant, string>> = {
  'two readers': 'a second read while one waits throws StreamReadPendingError, and the first goes on',
  'an aborted read loses bytes': 'a read whose signal was aborted before loses nothing of what is there',
  'an abort of its own': 'a stream: read with an aborted signal rejects with its reason',
  'closeRead is the end': 'closeRead rejects the waiting read and later ones with StreamReadClosedError, and writing goes on',
  'ends once': 'the end of a stream is undefined, again and again',
  'half a message': 'a write that is given up after bytes were taken resets the stream: half a message is worse than none',
  'writes behind the end': 'a write after closeWrite rejects with StreamWriteClosedError',
  'empty chunks': 'an empty write sends nothing, and no read sees it',
  'no window': 'a reader that sleeps stops the sender, and nothing is lost when it wakes',
  'closeWrite closes both': 'closeWrite sends the end, and reading goes on',
  'always the remote': 'reset is seen on both sides as what it is, by whom it was done',
  'no cause': 'abort shows its cause to the local reader and writer, and resets the stream for the remote',
  'no write deadline': 'a read deadline stops no write, and setDeadline stops both',
  'stream scopes leak': 'a stream is charged to its peer before it is opened and when it is accepted, and ends with itself',
  'conn scopes leak': 'an outbound connection asks gater and resource manager in order',
  'dials each time': 'dialPeer again gives the connection that is there',
  'shares no dial': 'callers for one peer at the same time share one dial',
  'takes any peer': 'a peer that answers under another\'s name is not taken for it',
  'dials itself': 'dialling oneself is refused',
  'noDial dials': 'newStream with noDial dials nobody: NoConnError without a connection, a stream with one',
  'streams before connected': 'connected comes before any stream of the connection',
  'disconnected twice': 'a notifiee that throws harms neither the others nor the connection',
  'disconnected inside connected': 'a connection may be closed from inside connected',
  'notifiees may throw': 'a notifiee that throws harms neither the others nor the connection',
  'forgets stopNotify': 'after stopNotify nothing is told',
  'gater may forget': 'no connection passes when interceptAddrDial of the dialler forgets to answer',
  'gater may throw': 'no connection passes when interceptUpgraded of the dialler throws',
  'asks the gater late': 'an outbound connection asks gater and resource manager in order',
  'charges late': 'an inbound connection asks gater and resource manager in order',
  'rejections are hidden': 'a handler that rejects has its stream reset, and the connection goes on',
  'closes behind the handler': 'a handler that returns leaves its stream open',
  'close leaves connections': 'closing a network ends its connections and streams, on both sides',
  'dials behind close': 'a network: dialPeer after close is refused',
  'closes what it was given': 'closing a network leaves the resource manager and the peerstore open, which it was handed',
  'listens for ever': 'listenClose tells the notifiees, and nobody gets in any more',
  'port 0': 'listening on several addresses at once works, each is shown',
  'own lists': 'the lists of a network belong to whoever asked for them',
  'throws twice': 'a connection: close again is harmless',
  'streams stay listed': 'a connection lists its streams while they are open, each with an id of its own',
  'no bytes counted': 'a stream knows its direction and counts its bytes'
}

describe('the suite of networks', () => {
  for (const c of applicable(networkCases, {})) it(`a network in memory: ${c.name}`, () => c.run(memory()))

  for (const [mutant, name] of Object.entries(FOUND) as [NetworkMutant, string][]) {
    it(`finds a network that is broken: ${mutant}`, async () => {
      const named = networkCases.filter(each => each.name === name)
      assert.deepEqual(await failingCases(named, () => memory(mutant)), [name])
    })
  }

  it('has a name of its own for each case', () => {
    assert.equal(new Set(networkCases.map(({ name }) => name)).size, networkCases.length)
  })
})
