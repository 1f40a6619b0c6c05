import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { type IpAddress, ipAddressOf, type PeerRef, type Subnet, subnetKey, subnetOf, subnetText } from '@weir/network'
import { RESOURCE_MANAGER_DEFAULTS } from './defaults.ts'
import { AllowlistAddrError } from './errors.ts'

/** One network on the list, and with which peer it is trusted. */
export interface AllowlistEntry {
  /** Such as `192.0.2.0/24`. */
  readonly network: string
  /** `undefined`: with any. */
  readonly peer: string | undefined
}

/** The addresses that an operator trusts. To be changed at any time; what is connected already stays charged as it is. */
export interface Allowlist {
  /**
   * Trusts an address or a network, with any peer or one: `/ip4/192.0.2.1`, `/ip6/2001:db8::/ipcidr/32`, each also with `/p2p/<peer>` behind
   * it. Other components are not looked at. The same entry may be there several times.
   *
   * @throws {AllowlistAddrError} for an address without an IP
   * @throws {RangeError} when the list is full
   */
  add (addr: Multiaddr | string): void
  /** Takes back one entry. @returns false when there was none @throws {AllowlistAddrError} as `add` */
  remove (addr: Multiaddr | string): boolean
  /** Whether the address is trusted, with whatever peer: all that can be known before the handshake. */
  allowed (addr: Multiaddr): boolean
  /** Whether the address is trusted with this peer. */
  allowedPeer (peer: PeerRef, addr: Multiaddr): boolean
  entries (): AllowlistEntry[]
}

interface Trust {
  readonly subnet: Subnet
  anyPeer: number
  readonly peers: Map<string, number>
}

// Codes of multiaddr components.
const IP6 = 41
const IPCIDR = 43
const P2P = 421

/** Asked by address: one look-up for each prefix length on the list, however long that is. */
export class AllowlistTable implements Allowlist {
  // By version and prefix length, then by subnet.
  readonly #levels = new Map<number, Map<number | bigint, Trust>>()
  #size = 0

  constructor (addrs: Iterable<Multiaddr | string>) {
    for (const addr of addrs) this.add(addr)
  }

  get size (): number {
    return this.#size
  }

  add (addr: Multiaddr | string): void {
    const { subnet, peer } = parse(addr)
    const { maxAllowlistEntries } = RESOURCE_MANAGER_DEFAULTS
    if (this.#size >= maxAllowlistEntries) throw new RangeError(`an allowlist has ${maxAllowlistEntries} entries at most`)
    const key = subnetKey(subnet, subnet.prefixLength)
    const level = this.#levels.get(levelKey(subnet)) ?? new Map<number | bigint, Trust>()
    const trust = level.get(key) ?? { subnet, anyPeer: 0, peers: new Map<string, number>() }
    this.#levels.set(levelKey(subnet), level)
    level.set(key, trust)
    if (peer === undefined) trust.anyPeer++
    else trust.peers.set(peer, (trust.peers.get(peer) ?? 0) + 1)
    this.#size++
  }

  remove (addr: Multiaddr | string): boolean {
    const { subnet, peer } = parse(addr)
    const level = this.#levels.get(levelKey(subnet))
    const key = subnetKey(subnet, subnet.prefixLength)
    const trust = level?.get(key)
    const count = trust === undefined ? 0 : peer === undefined ? trust.anyPeer : trust.peers.get(peer) ?? 0
    if (level === undefined || trust === undefined || count === 0) return false
    if (peer === undefined) trust.anyPeer--
    else if (count === 1) trust.peers.delete(peer)
    else trust.peers.set(peer, count - 1)
    if (trust.anyPeer === 0 && trust.peers.size === 0) level.delete(key)
    if (level.size === 0) this.#levels.delete(levelKey(subnet))
    this.#size--
    return true
  }

  allowed (addr: Multiaddr): boolean {
    const address = ipAddressOf(addr)
    return address !== undefined && this.hasAddress(address)
  }

  allowedPeer (peer: PeerRef, addr: Multiaddr): boolean {
    const address = ipAddressOf(addr)
    return address !== undefined && this.has(address, peer.toString())
  }

  entries (): AllowlistEntry[] {
    return [...this.#levels.values()].flatMap(level => [...level.values()]).flatMap(({ subnet, anyPeer, peers }) => {
      const network = subnetText(subnet)
      const times = (count: number, peer: string | undefined): AllowlistEntry[] => Array.from({ length: count }, () => ({ network, peer }))
      return [...times(anyPeer, undefined), ...[...peers].flatMap(([peer, count]) => times(count, peer))]
    })
  }

  hasAddress (address: IpAddress): boolean {
    for (const [key, level] of this.#levels) {
      if (isVersion(key, address) && level.has(subnetKey(address, key & 255))) return true
    }
    return false
  }

  has (address: IpAddress, peer: string): boolean {
    for (const [key, level] of this.#levels) {
      if (!isVersion(key, address)) continue
      const trust = level.get(subnetKey(address, key & 255))
      if (trust !== undefined && (trust.anyPeer > 0 || trust.peers.has(peer))) return true
    }
    return false
  }
}

function levelKey ({ version, prefixLength }: Subnet): number {
  return version << 8 | prefixLength
}

function isVersion (levelKey: number, { version }: IpAddress): boolean {
  return levelKey >> 8 === version
}

function parse (addr: Multiaddr | string): { subnet: Subnet, peer: string | undefined } {
  let parsed: Multiaddr
  try {
    parsed = multiaddr(multiaddr(addr).bytes) // through its bytes, so that a peer is written in one way
  } catch (cause) {
    throw new AllowlistAddrError(String(addr), { cause })
  }
  const address = ipAddressOf(parsed)
  if (address === undefined) throw new AllowlistAddrError(String(addr))
  const components = parsed.getComponents()
  const cidr = components.find(({ code }) => code === IPCIDR)?.value
  const bits = address.version === 4 ? 32 : 128
  // Of an address of version 4 in the form of version 6, the prefix length counts the form's bits too.
  const mapped = address.version === 4 && components.some(({ code }) => code === IP6) ? 96 : 0
  const prefixLength = cidr === undefined ? bits : Number(cidr) - mapped
  if (!(prefixLength >= 0 && prefixLength <= bits)) throw new AllowlistAddrError(String(addr))
  return { subnet: subnetOf(address, prefixLength), peer: components.find(({ code }) => code === P2P)?.value }
}
