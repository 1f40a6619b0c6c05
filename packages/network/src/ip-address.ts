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

// Characters.
const DOT = 46
const COLON = 58
// Values of digits by character: which digits come cannot be guessed, so a table is faster than branches.
const HEX_DIGITS: Readonly<Int8Array> = new Int8Array(128).map((_, char) => '0123456789abcdef'.indexOf(String.fromCharCode(char).toLowerCase()))

/**
 * The IP address that a multiaddr begins with; `undefined` when it begins with none, as names and memory addresses do.
 * Version 4 written as version 6 (`::ffff:192.0.2.1`) is version 4: it is the same host. A zone does not count.
 */
export function ipAddressOf (addr: Multiaddr): IpAddress | undefined {
  const [first, second] = addr.getComponents()
  // A multiaddr keeps its components and makes its bytes when asked: the text is the cheaper way.
  if (first?.code === IP4 || first?.code === IP6) return parseIpAddress(first.value ?? '')
  if (first?.code === IP6ZONE && second?.code === IP6) return parseIpAddress(second.value ?? '')
  return undefined
}

/**
 * Reads `192.0.2.1` or `2001:db8::1`; `undefined` for anything else. Mapped version 4 (`::ffff:192.0.2.1`) is version 4, and a zone
 * (`fe80::1%eth0`) does not count. An octet may not begin with a needless 0, for some read that as octal.
 */
export function parseIpAddress (text: string): IpAddress | undefined {
  if (text.length > 255) return undefined // a remote may have written it
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === DOT) {
      const word = wordOfText(text, 0, text.length)
      return word === undefined ? undefined : { version: 4, a: word, b: 0, c: 0, d: 0 }
    }
    if (char === COLON) return parseVersion6(text)
  }
  return undefined
}

/** How people write it, and other programs too: version 6 in the short form of RFC 5952. */
export function ipAddressText ({ version, a, b, c, d }: IpAddress): string {
  if (version === 4) return [a >>> 24, (a >>> 16) & 255, (a >>> 8) & 255, a & 255].join('.')
  const groups = [a, b, c, d].flatMap(word => [word >>> 16, word & 0xffff])
  const { at, length } = longestZeros(groups)
  const hex = (part: readonly number[]): string => part.map(group => group.toString(16)).join(':')
  return length < 2 ? hex(groups) : `${hex(groups.slice(0, at))}::${hex(groups.slice(at + length))}`
}

/** Reads `192.0.2.1`, which begins and ends here. */
function wordOfText (text: string, from: number, to: number): number | undefined {
  let word = 0
  let dots = 0
  let part = -1 // no digit yet
  for (let i = from; i < to; i++) {
    const char = text.charCodeAt(i)
    if (char === DOT) {
      if (part < 0 || ++dots > 3) return undefined
      word = (word << 8) | part
      part = -1
      continue
    }
    const digit = char - 48
    if (digit < 0 || digit > 9 || part === 0) return undefined
    part = part < 0 ? digit : part * 10 + digit
    if (part > 255) return undefined
  }
  return part < 0 || dots < 3 ? undefined : (word << 8) | part
}

// One pass, without texts on the way: a gater does this for every connection.
function parseVersion6 (text: string): IpAddress | undefined {
  const zone = text.indexOf('%')
  if (zone === text.length - 1) return undefined
  const end = zone < 0 ? text.length : zone
  const groups = [0, 0, 0, 0, 0, 0, 0, 0]
  let count = 0
  let gap = text.startsWith('::') ? 0 : -1 // how many groups stand before ::
  for (let i = gap + 1 << 1; i < end;) {
    const start = i
    let group = 0
    let char = 0
    for (; i < end; i++) { // a look behind the end would make this twice as slow
      char = text.charCodeAt(i)
      const digit = char < 128 ? HEX_DIGITS[char] ?? -1 : -1
      if (digit < 0) break
      group = group << 4 | digit
    }
    if (i === start || i - start > 4 || count > 7) return undefined
    if (char === DOT) {
      const word = wordOfText(text, start, end)
      if (word === undefined || count > 6) return undefined
      groups[count++] = word >>> 16
      groups[count++] = word & 0xffff
      break
    }
    groups[count++] = group
    if (i === end) break
    if (char !== COLON || ++i === end) return undefined
    if (text.charCodeAt(i) !== COLON) continue
    if (gap >= 0) return undefined
    gap = count
    i++
  }
  if (gap < 0 ? count !== 8 : count > 7) return undefined
  return addressOf(gap < 0 ? groups : withGap(groups, gap, count))
}

/** Moves the groups behind the gap to the end. */
function withGap (groups: number[], gap: number, count: number): number[] {
  const missing = 8 - count
  for (let i = count - 1; i >= gap; i--) groups[i + missing] = groups[i] ?? 0
  for (let i = gap; i < gap + missing; i++) groups[i] = 0
  return groups
}

function addressOf (groups: readonly number[]): IpAddress {
  const [a, b, c, d] = [wordAt(groups, 0), wordAt(groups, 2), wordAt(groups, 4), wordAt(groups, 6)]
  if (c === 0xffff && a === 0 && b === 0) return { version: 4, a: d, b: 0, c: 0, d: 0 }
  return { version: 6, a, b, c, d }
}

function wordAt (groups: readonly number[], index: number): number {
  return (groups[index] ?? 0) << 16 | (groups[index + 1] ?? 0)
}

/** The first of the longest runs of zeros. */
function longestZeros (groups: readonly number[]): { at: number, length: number } {
  let best = { at: 0, length: 0 }
  for (let at = 0; at < groups.length; at++) {
    let end = at
    while (groups[end] === 0) end++
    if (end - at > best.length) best = { at, length: end - at }
    at = end
  }
  return best
}
