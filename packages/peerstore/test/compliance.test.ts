import { type PeerstoreSubject, peerstoreCases, applicable } from '@weir/compliance'
import { peerIdFromString } from '@libp2p/peer-id'
import type { PublicKey } from '@libp2p/interface'
import { createPeerstore } from '../src/index.ts'
import { otherPeer, rsaPeer } from './peers.ts'

const subject: PeerstoreSubject = {
  create: ({ clock, maxPeers, maxAddrsPerPeer }) => createPeerstore({ clock, maxPeers, maxAddrsPerPeer, maxConnectedAddrsPerPeer: maxAddrsPerPeer }),
  keyedPeer: () => ({
    peer: peerIdFromString(rsaPeer.toString()), // as from an address: without the key
    key: rsaPeer.publicKey as PublicKey,
    otherKey: otherPeer.publicKey as PublicKey
  })
}

describe('compliance', () => {
  for (const c of applicable(peerstoreCases, { enforces: true, bounded: true, keys: true })) it(c.name, () => c.run(subject))
})
