import type { Multiaddr } from '@multiformats/multiaddr'

/** An IP address as words of 32 bits, the highest first. Version 4 has the first one, and zeros. */
export interface IpAddress {
  readonly version: 4 | 6
  // Signed, as bitwise operators have them: such numbers need no allocation.
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
}

// Codes of multiaddr components.
const IP4 = 4
const IP6 = 41
const IP6ZONE = 42

/**
 * The IP address that a multiaddr begins with; `undefined` when it begins with none, as names and memory addresses do.
 * Version 4 written as version 6 (`::ffff:192.0.2.1`) is version 4: it is the same host.
 */
export function ipAddressOf (addr: Multiaddr): IpAddress | undefined {
  const [first, second] = addr.getComponents()
  // A multiaddr keeps its components and makes its bytes when asked: for most addresses the text is the cheaper way.
  if (first?.code === IP4) return { version: 4, a: wordOfText(first.value ?? ''), b: 0, c: 0, d: 0 }
  if (first?.code === IP6) return ip6At(addr.bytes, 1)
  if (first?.code === IP6ZONE && second?.code === IP6) return ip6At(addr.bytes, addr.bytes.indexOf(IP6, 2 + (addr.bytes[1] ?? 0)) + 1)
  return undefined
}

/** How people write it; version 6 without the short form of zeros. */
export function ipAddressText ({ version, a, b, c, d }: IpAddress): string {
  if (version === 4) return [a >>> 24, (a >>> 16) & 255, (a >>> 8) & 255, a & 255].join('.')
  return [a, b, c, d].flatMap(word => [(word >>> 16).toString(16), (word & 0xffff).toString(16)]).join(':')
}

function wordOfText (text: string): number {
  let word = 0
  let part = 0
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === 46) { // .
      word = (word << 8) | part
      part = 0
    } else part = part * 10 + char - 48
  }
  return (word << 8) | part
}

function ip6At (bytes: Uint8Array, at: number): IpAddress | undefined {
  if (bytes.length < at + 16) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 16)
  const [a, b, c, d] = [view.getInt32(0), view.getInt32(4), view.getInt32(8), view.getInt32(12)]
  if (a === 0 && b === 0 && c === 0xffff) return { version: 4, a: d, b: 0, c: 0, d: 0 }
  return { version: 6, a, b, c, d }
}
