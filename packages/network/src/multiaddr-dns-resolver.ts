import type { Multiaddr } from '@multiformats/multiaddr'
import type { PeerRef } from './peer-ref.ts'

/** Resolves names in addresses. Addresses without a name come back as they are. @see seed 004, "MultiaddrDNSResolver" */
export interface MultiaddrDNSResolver {
  /** The first `/dnsaddr`, and those it leads to. Entries for other peers than the expected one are left out. */
  resolveDNSAddr (addr: Multiaddr, options: ResolveDNSAddrOptions): Promise<Multiaddr[]>
  /** The first `/dns`, `/dns4` or `/dns6`. */
  resolveDNSComponent (addr: Multiaddr, options: ResolveDNSComponentOptions): Promise<Multiaddr[]>
}

export interface ResolveDNSComponentOptions {
  /** How many addresses may come out; the rest is dropped. */
  readonly outputLimit: number
  readonly signal?: AbortSignal | undefined
}

export interface ResolveDNSAddrOptions extends ResolveDNSComponentOptions {
  readonly expectedPeer?: PeerRef | undefined
  /** How often one `/dnsaddr` may lead to another. */
  readonly recursionLimit: number
}
