import type { PeerRef } from '@weir/network'

// Real ones, so that an implementation that parses them finds nothing amiss.
const TEXTS = [
  '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5',
  '12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq',
  '12D3KooWRndVhVZPCiQwHBBBdg769GyrPUW13zxwqQyf9r3ANaba',
  '12D3KooWPT98FXMfDQYavZm66EeVjTqP9Nnehn1gyaydqV8L8BQw',
  '12D3KooWHFd1gyNYFqxt7ke9FY2VoVVWY2XSPhvL9vg2pB6wQGfa',
  '12D3KooWK98A5qKRAA9qZccvoJLvcLu68PCFZLNfdd81iQLvHj6W',
  '12D3KooWRawPbxPtP1eZaJpumGnyWX2DcUyd3RQnydr3eAto4Az7',
  '12D3KooWB8sCGZCrwr79HtabLAn95qyPQx6RYHXjEbiD6QKou7ww'
]

/**
 * A peer for a test: the same text for the same number, but a new value each time, since peers are equal by their text alone.
 *
 * @param index - 0..7
 * @throws {RangeError} for any other
 */
export function samplePeer (index: number): PeerRef {
  const text = TEXTS[index]
  if (text === undefined) throw new RangeError(`there are ${TEXTS.length} sample peers, got ${index}`)
  return { type: 'Ed25519', toString: () => text }
}
