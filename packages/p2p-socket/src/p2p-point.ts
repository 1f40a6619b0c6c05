import { isIP, isIPv4, isIPv6 } from 'node:net'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { checkSize } from './encoding/sized.ts'
import { conv } from './encoding/conv.ts'
import { string } from './encoding/bytes.ts'
import type { Encoding } from './encoding/encoding.ts'
import { InvalidPointError } from './syntax-errors.ts'
import { P2pPeerId } from './p2p-peer-id.ts'

/** Where a node can be reached: an IP address in its shortest form (an IPv4-mapped one as IPv4) and a port. */
export interface P2pPoint {
  readonly address: string
  readonly port: number
}

/** What people write for a node: `addr[:port][#id]`, where `addr` may also be a host name, `_` or nothing. */
export interface AddrPortId {
  readonly addr: string
  readonly port: number | undefined
  readonly peerId: P2pPeerId | undefined
}

const MAX_POINT_BYTES = 51
const MAPPED = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/

/**
 * An IP address in its shortest form, a zone left out; undefined when it is none.
 *
 * @see reference/tezos-p2p.md 3.1
 */
function canonicalAddress (text: string): string | undefined {
  if (isIPv4(text)) return text
  const [plain = ''] = text.split('%')
  if (!isIPv6(plain)) return undefined
  const shortest = new URL(`http://[${plain}]`).hostname.slice(1, -1) // written as RFC 5952 has it
  const mapped = MAPPED.exec(shortest)
  if (mapped === null) return shortest
  const [high = 0, low = 0] = mapped.slice(1).map(group => Number.parseInt(group, 16))
  return `${high >> 8}.${high & 0xff}.${low >> 8}.${low & 0xff}`
}

/** @throws {InvalidPointError} when the address or the port is none */
export function p2pPoint (address: string, port: number): P2pPoint {
  const canonical = canonicalAddress(address)
  if (canonical === undefined || !Number.isInteger(port) || port < 0 || port > 0xffff) throw new InvalidPointError(`${address}:${port}`)
  return Object.freeze({ address: canonical, port })
}

/** `192.0.2.1:9732` or `[2001:db8::1]:9732`. */
export function pointText ({ address, port }: P2pPoint): string {
  return `${isIPv6(address) ? `[${address}]` : address}:${port}`
}

/** @throws {InvalidPointError} unless it is an address and a port; a peer id behind it is left out */
export function parsePoint (text: string): P2pPoint {
  const { addr, port } = parseAddrPortId(text)
  if (port === undefined) throw new InvalidPointError(text)
  return p2pPoint(addr, port)
}

/** @throws {InvalidPointError} when it is not of the form */
export function parseAddrPortId (text: string): AddrPortId {
  const match = /^(?:\[([0-9a-fA-F:.]*)\]|([A-Za-z0-9._-]*))(?::([0-9]{1,5}))?(?:#(.*))?$/.exec(text)
  if (match === null) throw new InvalidPointError(text)
  const [, bracketed, name = '', digits, id] = match
  const port = digits === undefined ? undefined : Number(digits)
  if ((bracketed !== undefined && isIP(bracketed) === 0) || (port !== undefined && port > 0xffff)) throw new InvalidPointError(text)
  if (bracketed === undefined && name === '' && port === undefined) throw new InvalidPointError(text)
  try {
    return { addr: bracketed ?? name, port, peerId: id === undefined ? undefined : P2pPeerId.parse(id) }
  } catch (cause) {
    throw new InvalidPointError(text, { cause })
  }
}

/** A point on the wire: its text, of at most 47 characters. */
export const pointEncoding: Encoding<P2pPoint> = checkSize(conv(string(), { project: pointText, inject: parsePoint }), MAX_POINT_BYTES)

/** Where the point is, for a resource manager. */
export function pointMultiaddr ({ address, port }: P2pPoint): Multiaddr {
  return multiaddr(`/${isIPv6(address) ? 'ip6' : 'ip4'}/${address}/tcp/${port}`)
}
