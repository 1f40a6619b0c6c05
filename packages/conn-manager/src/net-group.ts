import type { Multiaddr } from '@multiformats/multiaddr'

// Codes of multiaddr components.
const IP4 = 4
const IP6 = 41
const IP6ZONE = 42

/**
 * The part of the net that an address is in: the /16 of an IPv4 address, the /32 of an IPv6 address. To own addresses in many
 * of them is what an attacker has to pay for. Everything without an IP address is one group; a relayed connection is in that of its relay.
 */
export function netGroup (addr: Multiaddr): string {
  const [first, second] = addr.getComponents()
  const ip = first?.code === IP6ZONE ? second : first
  if (ip?.code === IP4) return ip4Group(ip.value ?? '')
  if (ip?.code === IP6) return ip6Group(ip.value ?? '')
  return ''
}

function ip4Group (text: string): string {
  return `${text.slice(0, text.indexOf('.', text.indexOf('.') + 1))}.0.0/16`
}

function ip6Group (text: string): string {
  const words = wordsOf(text)
  const [a = 0, b = 0, , , , marker, high = 0] = words
  if (marker === 0xffff && words.slice(0, 5).every(word => word === 0)) return `${high >>> 8}.${high & 255}.0.0/16` // IPv4 written as IPv6: the same host
  return `${a.toString(16)}:${b.toString(16)}::/32`
}

// The eight words of an IPv6 address, its last two possibly written as IPv4.
function wordsOf (text: string): number[] {
  const dot = text.indexOf('.')
  if (dot !== -1) {
    const colon = text.lastIndexOf(':')
    const [a = 0, b = 0, c = 0, d = 0] = text.slice(colon + 1).split('.').map(Number)
    return wordsOf(`${text.slice(0, colon + 1)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`)
  }
  const [head = '', tail] = text.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  return [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right].map(word => Number.parseInt(word, 16))
}
