import { BlockList } from 'node:net'
import { CODE_IP4, CODE_IP6, type Multiaddr } from '@multiformats/multiaddr'

type Reach = 'loopback' | 'private' | 'public'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8)
LOOPBACK.addSubnet('::1', 128, 'ipv6')

// What no host of the public internet has: RFC 6890 and its IPv6 counterparts.
const NOT_PUBLIC = new BlockList()
for (const [net, bits] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.168.0.0', 16], ['224.0.0.0', 3]] as const) {
  NOT_PUBLIC.addSubnet(net, bits)
}
for (const [net, bits] of [['::', 128], ['fc00::', 7], ['fe80::', 10], ['ff00::', 8]] as const) NOT_PUBLIC.addSubnet(net, bits, 'ipv6')

function reachOf (addr: Multiaddr): Reach {
  const ip = addr.getComponents().find(({ code }) => code === CODE_IP4 || code === CODE_IP6)
  if (ip?.value === undefined) return 'public' // a name: whoever resolves it sees
  const family = ip.code === CODE_IP4 ? 'ipv4' : 'ipv6'
  if (LOOPBACK.check(ip.value, family)) return 'loopback'
  return NOT_PUBLIC.check(ip.value, family) ? 'private' : 'public'
}

/**
 * Those of the addresses that a peer seen at `seenAt` can have: a peer of the public internet must not send us to our own
 * machine or our own network.
 *
 * @see reference/go-libp2p.md 6, "Identify"
 */
export function plausibleAddrs (addrs: readonly Multiaddr[], seenAt: Multiaddr): Multiaddr[] {
  const seen = reachOf(seenAt)
  if (seen === 'loopback') return [...addrs]
  return addrs.filter(addr => {
    const reach = reachOf(addr)
    return reach === 'public' || (seen === 'private' && reach === 'private')
  })
}
