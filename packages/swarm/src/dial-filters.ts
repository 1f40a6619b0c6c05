import { isLinkLocal } from '@libp2p/utils'
import { CODE_IP4, CODE_IP6, CODE_TCP, CODE_UDP, type Multiaddr } from '@multiformats/multiaddr'
import type { Transport } from '@libp2p/interface'
import type { ConnectionGater, PeerRef } from '@weir/network'
import type { AddrFailure } from './addr-failure.ts'
import { AddrKind } from './addr-kind.ts'
import { admit } from './admit.ts'
import type { BlackHoleDetector } from './black-hole-detector.ts'
import { AddrFilteredError, DialRefusedBlackHoleError } from './dial-errors.ts'
import { DialToSelfError, NoTransportError } from './errors.ts'

/** What decides which addresses of a peer are worth a dial. */
export interface DialFilters {
  readonly transports: readonly Transport[]
  readonly connectionGater: ConnectionGater
  readonly blackHoleDetector: BlackHoleDetector
  readonly ownAddrs: readonly Multiaddr[]
  readonly forceDirectDial: boolean
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
 * Leaves out what is not worth a dial, in this order: no transport, a worse transport to the same host and port, a black hole,
 * no host, our own, link-local, relayed where it has to be direct; and asks the gater about what is left.
 *
 * @param candidates - each address once, without its peer
 * @see reference/go-libp2p.md 5.2, step 4
 */
export function filterAddrs (peer: PeerRef, candidates: readonly Multiaddr[], filters: DialFilters): AddrsForDial {
  const refused: AddrFailure[] = []
  const keep = (addrs: readonly Multiaddr[], check: (addr: Multiaddr) => void): Multiaddr[] => addrs.filter(addr => {
    try {
      check(addr)
      return true
    } catch (cause) {
      refused.push({ addr, cause })
      return false
    }
  })
  const own = new Set(filters.ownAddrs.map(String))
  const dialable = keep(candidates, addr => {
    if (transportForDialing(filters.transports, addr) === undefined) throw new NoTransportError(addr)
  })
  const better = betterTransports(dialable)
  const best = keep(dialable, addr => {
    if (better.has(worseOf(addr))) throw new AddrFilteredError('duplicate')
  })
  const { valid, blackHoled } = filters.blackHoleDetector.filter(best)
  refused.push(...blackHoled.map(addr => ({ addr, cause: new DialRefusedBlackHoleError() })))
  const addrs = keep(valid, addr => {
    if (isUnspecified(addr)) throw new AddrFilteredError('unspecified')
    if (own.has(addr.toString())) throw new DialToSelfError()
    if (new AddrKind(addr).ipVersion === 6 && isLinkLocal(addr)) throw new AddrFilteredError('linkLocal')
    if (filters.forceDirectDial && new AddrKind(addr).isRelay) throw new AddrFilteredError('relayed')
    admit('interceptAddrDial', () => filters.connectionGater.interceptAddrDial(peer, addr))
  })
  return { addrs, refused }
}

/** Where QUIC and plain TCP lead, as `worseOf` names it for what runs beside or on top of them. */
function betterTransports (addrs: readonly Multiaddr[]): Set<string> {
  return new Set(addrs.flatMap(addr => {
    const { transport, isRelay } = new AddrKind(addr)
    return !isRelay && (transport === 'quic-v1' || transport === 'tcp') ? [hostAndPort(addr)] : []
  }))
}

/** The host and port at which a better transport would make this address needless; empty when nothing would. */
function worseOf (addr: Multiaddr): string {
  const { transport, isRelay } = new AddrKind(addr)
  return !isRelay && (transport === 'webtransport' || transport === 'quic' || transport === 'websocket') ? hostAndPort(addr) : ''
}

function hostAndPort (addr: Multiaddr): string {
  const components = addr.getComponents()
  const end = components.findIndex(({ code }) => code === CODE_TCP || code === CODE_UDP)
  return components.slice(0, end + 1).map(({ name, value }) => `/${name}/${value}`).join('')
}

function isUnspecified (addr: Multiaddr): boolean {
  const [first] = addr.getComponents()
  return (first?.code === CODE_IP4 && first.value === '0.0.0.0') || (first?.code === CODE_IP6 && first.value === '::')
}
