import { peerIdFromString } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { ipAddressOf, ipAddressText, parseIpAddress, parseSubnet, subnetText } from '@weir/network'
import { InvalidRuleTargetError } from './errors.ts'

/** What a rule is about, in its usual spelling. */
export interface RuleTarget {
  readonly kind: 'peer' | 'addr' | 'subnet'
  /** A peer id, an IP address, or a subnet such as `192.0.2.0/24`. */
  readonly key: string
}

/**
 * Reads a peer id, an IP address, a subnet, or a multiaddr, which stands for its peer, and without one for its IP address.
 *
 * @throws {InvalidRuleTargetError}
 */
export function parseRuleTarget (text: string): RuleTarget {
  try {
    if (text.startsWith('/')) return ofMultiaddr(multiaddr(text))
    if (text.includes('/')) return { kind: 'subnet', key: subnetText(parseSubnet(text)) }
    const address = parseIpAddress(text)
    if (address !== undefined) return { kind: 'addr', key: ipAddressText(address) }
    return { kind: 'peer', key: peerIdFromString(text).toString() }
  } catch (cause) {
    throw InvalidRuleTargetError.is(cause) ? cause : new InvalidRuleTargetError(text, { cause })
  }
}

function ofMultiaddr (addr: Multiaddr): RuleTarget {
  const peer = addr.getComponents().findLast(({ name }) => name === 'p2p')?.value
  if (peer !== undefined) return { kind: 'peer', key: peerIdFromString(peer).toString() }
  const address = ipAddressOf(addr)
  if (address === undefined) throw new InvalidRuleTargetError(addr.toString())
  return { kind: 'addr', key: ipAddressText(address) }
}
