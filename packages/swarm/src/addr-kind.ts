import { isPrivate } from '@libp2p/utils'
import { CODE_IP4, CODE_IP6, CODE_P2P_CIRCUIT, CODE_QUIC, CODE_QUIC_V1, CODE_TCP, CODE_UDP, CODE_WEBRTC_DIRECT, CODE_WEBTRANSPORT, type Multiaddr } from '@multiformats/multiaddr'

/** What of an address decides how it is dialled. Taken apart once: addresses are compared far more often than they are read. */
export interface AddrKind {
  readonly ipVersion: 4 | 6 | undefined
  /** Of a network that only machines nearby can reach. */
  readonly isPrivate: boolean
  /** An IP address that anybody can reach. */
  readonly isPublic: boolean
  readonly isRelay: boolean
  readonly isUdp: boolean
  readonly transport: 'quic-v1' | 'quic' | 'webtransport' | 'tcp' | 'webrtc-direct' | 'other'
  /** Of TCP or UDP; 0 when there is none. */
  readonly port: number
}

export function addrKind (addr: Multiaddr): AddrKind {
  const components = addr.getComponents()
  const has = (code: number): boolean => components.some(component => component.code === code)
  const ipVersion = has(CODE_IP4) ? 4 : has(CODE_IP6) ? 6 : undefined
  const nearby = isPrivate(addr)
  return {
    ipVersion,
    isPrivate: nearby,
    isPublic: !nearby && ipVersion !== undefined,
    isRelay: has(CODE_P2P_CIRCUIT),
    isUdp: has(CODE_UDP),
    transport: transportOf(has),
    port: Number(components.find(({ code }) => code === CODE_TCP || code === CODE_UDP)?.value ?? 0)
  }
}

function transportOf (has: (code: number) => boolean): AddrKind['transport'] {
  if (has(CODE_WEBTRANSPORT)) return 'webtransport'
  if (has(CODE_QUIC_V1)) return 'quic-v1'
  if (has(CODE_QUIC)) return 'quic'
  if (has(CODE_TCP)) return 'tcp'
  return has(CODE_WEBRTC_DIRECT) ? 'webrtc-direct' : 'other'
}
