import type { Multiaddr } from '@multiformats/multiaddr'
import { AddrKind } from './addr-kind.ts'

/** How an address names its host, in Go's words. */
export type IpVersionLabel = 'ip4' | 'ip6' | 'unknown'

/** The transports that Go tells apart where a dial failed, by their names in an address. */
const DIALLED = new Set(['p2p-circuit', 'webrtc', 'webrtc-direct', 'webtransport', 'quic', 'quic-v1', 'wss', 'ws', 'tcp'])

const KEY_TYPES = new Map([['secp256k1', 'Secp256k1']])

export function ipVersionLabel (addr: Multiaddr): IpVersionLabel {
  let version: IpVersionLabel = 'unknown'
  for (const { name } of addr.getComponents()) {
    if (name === 'ip4' || name === 'dns4') version = 'ip4'
    else if (name === 'ip6' || name === 'dns6') version = 'ip6'
  }
  return version
}

/** The transport of a connection, by the name under which Go's boards ask for it. */
export function connTransportLabel (addr: Multiaddr): string {
  const { isRelay, transport } = new AddrKind(addr)
  return isRelay ? 'p2p-circuit' : transport === 'other' ? 'unknown' : transport
}

/** The transport of an address that was dialled, by the last name in it that says so: Go's other way of naming them. */
export function dialTransportLabel (addr: Multiaddr): string {
  return addr.getComponents().findLast(({ name }) => DIALLED.has(name))?.name ?? 'other'
}

/** The type of a key in Go's spelling. */
export function keyTypeLabel (type: string): string {
  return KEY_TYPES.get(type) ?? type
}
