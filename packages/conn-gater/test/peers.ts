import { samplePeer } from '@weir/compliance'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { ALLOW, type ConnMultiaddrs, type PeerRef, type Verdict } from '@weir/network'

export const [alice, bob]: readonly [PeerRef, PeerRef] = [samplePeer(1), samplePeer(2)]

/** A connection's address, of an IP of either version or an address as it is. */
export function addrOf (text: string): Multiaddr {
  return multiaddr(text.startsWith('/') ? text : `/${text.includes(':') ? 'ip6' : 'ip4'}/${text}/tcp/4001`)
}

/** The ends of a connection from there. */
export function from (text: string): ConnMultiaddrs {
  return { localMultiaddr: addrOf('203.0.113.1'), remoteMultiaddr: addrOf(text) }
}

/** `allow`, or the rule that denied. */
export function ruleOf (verdict: Verdict): string {
  return verdict === ALLOW ? 'allow' : verdict.rule
}
