import { type IpAddress, ipAddressText, parseIpAddress } from './ip-address.ts'

/** All addresses that begin alike: the first of them, and how far they do. */
export interface Subnet extends IpAddress {
  readonly prefixLength: number
}

/** The subnet of this prefix length that an address is in. */
export function subnetOf ({ version, a, b, c, d }: IpAddress, prefixLength: number): Subnet {
  return { version, a: a & maskOf(prefixLength, 0), b: b & maskOf(prefixLength, 32), c: c & maskOf(prefixLength, 64), d: d & maskOf(prefixLength, 96), prefixLength }
}

/** Whether an address is in a subnet. */
export function subnetHas ({ version, prefixLength, a, b, c, d }: Subnet, address: IpAddress): boolean {
  if (version !== address.version || ((a ^ address.a) & maskOf(prefixLength, 0)) !== 0) return false
  if (prefixLength <= 32) return true
  return ((b ^ address.b) & maskOf(prefixLength, 32)) === 0 && ((c ^ address.c) & maskOf(prefixLength, 64)) === 0 && ((d ^ address.d) & maskOf(prefixLength, 96)) === 0
}

/** A value that is equal for equal subnets of one version and one prefix length, for maps: a number where it fits. */
export function subnetKey ({ a, b, c, d }: IpAddress, prefixLength: number): number | bigint {
  if (prefixLength <= 32) return a & maskOf(prefixLength, 0)
  const second = (b & maskOf(prefixLength, 32)) >>> 0
  if (prefixLength <= 52) return (a >>> 0) * 0x10_0000 + (second >>> 12)
  const high = (BigInt(a >>> 0) << 32n) | BigInt(second)
  if (prefixLength <= 64) return high
  return (high << 64n) | (BigInt((c & maskOf(prefixLength, 64)) >>> 0) << 32n) | BigInt((d & maskOf(prefixLength, 96)) >>> 0)
}

/** How people write it, such as `192.0.2.0/24`. */
export function subnetText (subnet: Subnet): string {
  return `${ipAddressText(subnet)}/${subnet.prefixLength}`
}

/**
 * Reads `192.0.2.0/24`, `2001:db8::/32`, or one address, which is a subnet of its own. A subnet of mapped version 4 is one of version 4.
 *
 * @throws {RangeError} for anything else
 */
export function parseSubnet (text: string): Subnet {
  const [host = '', length, ...rest] = text.split('/')
  const address = parseIpAddress(host)
  const mapped = address?.version === 4 && host.includes(':') ? 96 : 0
  const bits = address?.version === 6 ? 128 : 32
  const prefixLength = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) - mapped : Number.NaN
  if (address === undefined || rest.length > 0 || !(prefixLength >= 0 && prefixLength <= bits)) throw new RangeError(`a subnet is an address and a prefix length, such as 192.0.2.0/24, got ${text}`)
  return subnetOf(address, prefixLength)
}

// The bits of the word that begins at bit `from` which belong to the prefix.
function maskOf (prefixLength: number, from: number): number {
  const bits = prefixLength - from
  return bits >= 32 ? -1 : bits <= 0 ? 0 : -1 << (32 - bits)
}
