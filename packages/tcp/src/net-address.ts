import type { TcpNetConnectOpts } from 'node:net'
import { CODE_DNS, CODE_DNS4, CODE_DNS6, CODE_IP4, CODE_IP6, CODE_IP6ZONE, CODE_P2P, CODE_TCP, type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { TcpAddressError } from './errors.ts'

/** The part of an address that sockets are made of. */
interface NetAddress {
  readonly code: number
  readonly host: string
  readonly port: number
}

const MAPPED_IP4 = '::ffff:'

/** Whether it can be dialled: an IP address or a DNS name, a TCP port, and nothing more but a peer. */
export function isDialable (addr: Multiaddr): boolean {
  return netAddress(addr) !== undefined
}

/** Whether it can be listened on: as to be dialled, but names are no addresses of this machine. */
export function isListenable (addr: Multiaddr): boolean {
  const code = netAddress(addr)?.code
  return code === CODE_IP4 || code === CODE_IP6
}

/**
 * What `net.connect` needs for an address.
 *
 * @throws {TcpAddressError}
 */
export function connectOptions (addr: Multiaddr): Pick<TcpNetConnectOpts, 'host' | 'port' | 'family'> {
  const net = netAddress(addr)
  if (net === undefined) throw new TcpAddressError('dial', addr)
  return { host: net.host, port: net.port, family: net.code === CODE_DNS ? 0 : isIp6(net.code) ? 6 : 4 }
}

/**
 * What `server.listen` needs for an address. One for IPv6 takes no IPv4, as in Go: each is listened on by an address of its own.
 *
 * @throws {TcpAddressError}
 */
export function listenOptions (addr: Multiaddr): { host: string, port: number, ipv6Only: boolean } {
  const net = netAddress(addr)
  if (net === undefined || !isListenable(addr)) throw new TcpAddressError('listen', addr)
  return { host: net.host, port: net.port, ipv6Only: isIp6(net.code) }
}

/** The address of one end of a socket, as the runtime writes it: with a zone, and IPv4 mapped into IPv6 or not. */
export function multiaddrOf (host: string, port: number): Multiaddr {
  if (host.startsWith(MAPPED_IP4)) return multiaddrOf(host.slice(MAPPED_IP4.length), port)
  if (!host.includes(':')) return multiaddr([{ code: CODE_IP4, name: 'ip4', value: host }, { code: CODE_TCP, name: 'tcp', value: String(port) }]) // four times as fast as its text
  const [ip, zone] = host.split('%')
  return multiaddr(`${zone === undefined ? '' : `/ip6zone/${zone}`}/ip6/${ip}/tcp/${port}`)
}

function netAddress (addr: Multiaddr): NetAddress | undefined {
  const parts = [...addr.getComponents()]
  const zone = parts[0]?.code === CODE_IP6ZONE ? parts.shift()?.value : undefined
  const [host, tcp, peer, more] = parts
  if (host?.value === undefined || tcp?.code !== CODE_TCP || more !== undefined) return undefined
  if (peer !== undefined && peer.code !== CODE_P2P) return undefined
  if (![CODE_IP4, CODE_IP6, CODE_DNS, CODE_DNS4, CODE_DNS6].includes(host.code)) return undefined
  if (zone !== undefined && host.code !== CODE_IP6) return undefined
  return { code: host.code, host: zone === undefined ? host.value : `${host.value}%${zone}`, port: Number(tcp.value) }
}

function isIp6 (code: number): boolean {
  return code === CODE_IP6 || code === CODE_DNS6
}
