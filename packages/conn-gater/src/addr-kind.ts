import type { Multiaddr } from '@multiformats/multiaddr'

// Codes of multiaddr components.
const P2P_CIRCUIT = 290
const NAMES: ReadonlySet<number> = new Set([53, 54, 55, 56]) // dns, dns4, dns6, dnsaddr

/** Whether an address leads through a relay. Its IP is then the relay's and says nothing of who is behind it. */
export function isCircuit (addr: Multiaddr): boolean {
  return addr.getComponents().some(({ code }) => code === P2P_CIRCUIT)
}

/** Whether an address is a name, whose IP is not known yet. */
export function isName (addr: Multiaddr): boolean {
  return NAMES.has(addr.getComponents()[0]?.code ?? -1)
}
