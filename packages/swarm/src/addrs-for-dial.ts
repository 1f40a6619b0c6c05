import type { Multiaddr } from '@multiformats/multiaddr'
import { ADDRESS_TTL_MS, NoRemoteAddrsError, type PeerRef, type Peerstore } from '@weir/network'
import type { AddrFailure } from './addr-failure.ts'
import { type AddrsForDial, type DialFilters, filterAddrs } from './dial-filters.ts'
import { UnexpectedPeerError } from './errors.ts'
import { peerIn, withoutPeer } from './peer-in-addr.ts'
import { type ResolveAddrsInit, resolveAddrs } from './resolve-addrs.ts'

/** What the addresses of a peer come from and go through. */
export interface AddrsForDialInit extends ResolveAddrsInit {
  readonly peerstore: Peerstore
  /** Asked when the names are resolved: what is listened on and who dials may have changed meanwhile. */
  filters (): DialFilters
}

/**
 * The addresses of a peer that are to be dialled: those that are known, with their names resolved, each once, filtered. They
 * are remembered for a while, so that what a name led to is at hand.
 *
 * @throws {NoRemoteAddrsError} when none is known
 * @see reference/go-libp2p.md 5.2, step 3
 */
export async function addrsForDial (peer: PeerRef, init: AddrsForDialInit): Promise<AddrsForDial> {
  const known = init.peerstore.addrs(peer)
  if (known.length === 0) throw new NoRemoteAddrsError(peer)
  const { addrs: resolved, failures } = await resolveAddrs(peer, known, init)
  const strangers: AddrFailure[] = []
  const candidates = new Map<string, Multiaddr>()
  for (const addr of resolved) {
    const named = peerIn(addr)
    const bare = withoutPeer(addr)
    if (named === undefined || named === peer.toString()) candidates.set(bare.toString(), bare)
    else strangers.push({ addr: bare, cause: new UnexpectedPeerError(peer, { type: 'multiaddr', toString: () => named }) })
  }
  const { addrs, refused } = filterAddrs(peer, [...candidates.values()], init.filters())
  init.peerstore.addAddrs(peer, addrs, ADDRESS_TTL_MS.temporary)
  return { addrs, refused: [...failures, ...strangers, ...refused] }
}
