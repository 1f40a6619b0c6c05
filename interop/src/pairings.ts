import type { PeerKind } from './peers.ts'

/** Two peers, each of which dials the other once; on an open network, or on one with a pre-shared key. */
export interface Pairing {
  readonly a: PeerKind
  readonly b: PeerKind
  readonly pnet: boolean
}

const PAIRS: readonly (readonly [PeerKind, PeerKind])[] = [
  ['weir', 'js'],
  ['weir', 'go'],
  ['weir', 'js-chainsafe'],
  ['weir-chainsafe', 'js'],
  ['weir-chainsafe', 'go'],
  ['weir-chainsafe', 'weir'],
  ['weir', 'weir'],
  // The control: where this one fails too, the fault is not weir's.
  ['js', 'go']
]

/** Other muxers on the same connections: a pre-shared key lies below all of them. */
const MUXER_PAIRS: readonly (readonly [PeerKind, PeerKind])[] = [
  ['weir-libp2p-yamux', 'js'],
  ['weir-libp2p-yamux', 'go'],
  ['weir-libp2p-yamux', 'weir'],
  ['js-weir-yamux', 'js'],
  ['js-weir-yamux', 'go'],
  ['js-weir-yamux', 'weir']
]

export const PAIRINGS: readonly Pairing[] = Object.freeze([
  ...PAIRS.flatMap(([a, b]) => [{ a, b, pnet: false }, { a, b, pnet: true }]),
  ...MUXER_PAIRS.map(([a, b]) => ({ a, b, pnet: false }))
])
