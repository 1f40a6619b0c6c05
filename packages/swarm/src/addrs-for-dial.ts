import { CODE_P2P, type Multiaddr } from '@multiformats/multiaddr'
import type { Transport } from '@libp2p/interface'
import type { ConnectionGater, PeerRef } from '@weir/network'
import { admit } from './admit.ts'
import { type AddrFailure, DialToSelfError, NoTransportError, UnexpectedPeerError } from './errors.ts'

/** What decides which addresses of a peer are worth a dial. */
export interface AddrFilter {
  readonly transports: readonly Transport[]
  readonly connectionGater: ConnectionGater
  readonly ownAddrs: readonly Multiaddr[]
  readonly maxAddrs: number
}

/** The addresses to dial, without `/p2p/`, and those that were left out with the reason. */
export interface AddrsForDial {
  readonly addrs: Multiaddr[]
  readonly refused: AddrFailure[]
}

/** The transport that dials an address: the first that can. */
export function transportForDialing (transports: readonly Transport[], addr: Multiaddr): Transport | undefined {
  return transports.find(transport => transport.dialFilter([addr]).length > 0)
}

/**
 * Picks the addresses to dial: each once, with a transport, not our own, and allowed by the gater.
 *
 * @see reference/go-libp2p.md 5.2, "Filter order"
 */
export function addrsForDial (peer: PeerRef, known: readonly Multiaddr[], filter: AddrFilter): AddrsForDial {
  const refused: AddrFailure[] = []
  const addrs = new Map<string, Multiaddr>()
  const own = new Set(filter.ownAddrs.map(addr => withoutPeer(addr).toString()))
  for (const knownAddr of known.slice(0, filter.maxAddrs)) {
    const addr = withoutPeer(knownAddr)
    const text = addr.toString()
    if (addrs.has(text)) continue
    try {
      const named = peerIn(knownAddr)
      if (named !== undefined && named !== peer.toString()) throw new UnexpectedPeerError(peer, { type: 'multiaddr', toString: () => named })
      if (transportForDialing(filter.transports, addr) === undefined) throw new NoTransportError(addr)
      if (own.has(text)) throw new DialToSelfError()
      admit('interceptAddrDial', () => filter.connectionGater.interceptAddrDial(peer, addr))
      addrs.set(text, addr)
    } catch (cause) {
      refused.push({ addr, cause })
    }
  }
  return { addrs: [...addrs.values()], refused }
}

// The last one names who answers; one in front of /p2p-circuit names the relay and stays.
function peerIn (addr: Multiaddr): string | undefined {
  const last = addr.getComponents().at(-1)
  return last?.code === CODE_P2P ? last.value : undefined
}

function withoutPeer (addr: Multiaddr): Multiaddr {
  const peer = peerIn(addr)
  return peer === undefined ? addr : addr.decapsulate(`/p2p/${peer}`)
}
