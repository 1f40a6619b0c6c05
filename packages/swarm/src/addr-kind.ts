import { isPrivate } from '@libp2p/utils'
import { CODE_IP4, CODE_IP6, CODE_P2P_CIRCUIT, CODE_QUIC, CODE_QUIC_V1, CODE_TCP, CODE_UDP, CODE_WEBRTC_DIRECT, CODE_WEBTRANSPORT, CODE_WS, CODE_WSS, type Multiaddr } from '@multiformats/multiaddr'

type DialTransport = 'quic-v1' | 'quic' | 'webtransport' | 'tcp' | 'websocket' | 'webrtc-direct' | 'other'

/** What of an address decides how it is dialled. */
export class AddrKind {
  readonly ipVersion: 4 | 6 | undefined
  readonly isRelay: boolean
  readonly isUdp: boolean
  readonly transport: DialTransport
  /** Of TCP or UDP; 0 when there is none. */
  readonly port: number
  readonly #addr: Multiaddr
  #isPrivate: boolean | undefined

  constructor (addr: Multiaddr) {
    const codes = new Map(addr.getComponents().map(({ code, value }) => [code, value]))
    this.#addr = addr
    this.ipVersion = codes.has(CODE_IP4) ? 4 : codes.has(CODE_IP6) ? 6 : undefined
    this.isRelay = codes.has(CODE_P2P_CIRCUIT)
    this.isUdp = codes.has(CODE_UDP)
    this.transport = transportOf(codes)
    this.port = Number(codes.get(CODE_TCP) ?? codes.get(CODE_UDP) ?? 0)
  }

  /** Of a network that only machines nearby can reach. Found out when it is asked for: it takes longer than all the rest. */
  get isPrivate (): boolean {
    this.#isPrivate ??= isPrivate(this.#addr)
    return this.#isPrivate
  }

  /** An IP address that anybody can reach. */
  get isPublic (): boolean {
    return this.ipVersion !== undefined && !this.isPrivate
  }
}

function transportOf (codes: ReadonlyMap<number, unknown>): DialTransport {
  if (codes.has(CODE_WEBTRANSPORT)) return 'webtransport'
  if (codes.has(CODE_QUIC_V1)) return 'quic-v1'
  if (codes.has(CODE_QUIC)) return 'quic'
  if (codes.has(CODE_TCP)) return codes.has(CODE_WS) || codes.has(CODE_WSS) ? 'websocket' : 'tcp'
  return codes.has(CODE_WEBRTC_DIRECT) ? 'webrtc-direct' : 'other'
}
