import type { Multiaddr } from '@multiformats/multiaddr'
import { ALLOW, type ConnectionGater, type IpAddress, ipAddressOf, ipAddressText, parseSubnet, subnetText, type Verdict } from '@weir/network'
import { isCircuit } from './addr-kind.ts'
import { PRIVATE_NET_DEFAULTS, type PrivateNetLimits } from './defaults.ts'
import { EntryDenial } from './entry-denial.ts'
import type { Entry } from './entry.ts'
import { ipKey } from './ip-key.ts'
import { isPrivate } from './private-nets.ts'
import { ReasonTable } from './reason-table.ts'
import { RefusalCounts } from './refusal-counts.ts'
import { resolveLimits } from './resolve-limits.ts'
import { readAddr } from './rule-editor.ts'
import { SubnetTree } from './subnet-tree.ts'
import { noTrust, type Trust } from './trust.ts'

type GivenLimits = { readonly [K in keyof PrivateNetLimits]?: PrivateNetLimits[K] | undefined }

/** All may be left out. */
export interface PrivateNetGaterInit extends GivenLimits {
  /** Private networks that this node is in, such as `10.1.0.0/16` or `fd12:3456::/32`. */
  readonly knownNets?: readonly string[] | undefined
  /** Who is let pass all the same. @defaultValue nobody */
  readonly trust?: Trust | undefined
}

/**
 * Keeps a node from dialling private addresses that mean nothing where it is: networks of providers take that for a scan.
 *
 * Everybody is accepted, and whoever is accepted from a private address shows that it can be reached: the address is learned. Put this
 * gater last, so that only those are learned whom the others accept. Through a relay nothing is learned, and nothing judged.
 *
 * @see reference/mina-net2.md 3.2
 */
export interface PrivateNetGater extends ConnectionGater {
  /** Says that an address can be reached, as a local discovery knows. Of too many, the oldest is forgotten. @throws {RangeError} */
  learn (ip: string): void
  knownNets (): string[]
  /** Oldest first. */
  learnedAddrs (): string[]
  stat (): { readonly learned: number, readonly refusals: Readonly<Record<string, number>> }
}

const KNOWN: Entry = Object.freeze({ kind: 'manual', reason: '', untilMs: Infinity })
const UNKNOWN = Object.freeze({ reason: 'nobody from there is known; add its network to knownNets, or trust it', untilMs: Infinity })

/**
 * Makes one that has learned nothing. It holds no timer and needs no end.
 *
 * @throws {TypeError} or {RangeError} when `init` is wrong
 */
export function createPrivateNetGater (init: PrivateNetGaterInit = {}): PrivateNetGater {
  const { knownNets = [], trust = noTrust, ...given } = init
  const { maxLearned } = resolveLimits(PRIVATE_NET_DEFAULTS, given)
  const known = new SubnetTree(new ReasonTable())
  for (const net of knownNets) known.set(parseSubnet(net), KNOWN)
  const learned = new Map<number | bigint, IpAddress>()
  const refusals = new RefusalCounts()

  function learn (address: IpAddress): void {
    const key = ipKey(address)
    if (learned.has(key)) return
    if (learned.size >= maxLearned) learned.delete(learned.keys().next().value as number | bigint)
    learned.set(key, address)
  }

  function judge (peer: string, addr: Multiaddr): Verdict {
    const address = ipAddressOf(addr)
    if (address === undefined || !isPrivate(address) || isCircuit(addr)) return ALLOW
    if (learned.has(ipKey(address)) || known.match(address, () => 0) !== undefined) return ALLOW
    if (trust.isTrustedAddr(address) || trust.isTrustedPeer(peer)) return ALLOW
    return new EntryDenial('unknown-private-addr', () => `address ${ipAddressText(address)}`, UNKNOWN)
  }

  return Object.freeze({
    learn: ip => { learn(readAddr(ip)) },
    knownNets: () => Array.from(known.entries(), ([net]) => subnetText(net)),
    learnedAddrs: () => Array.from(learned.values(), ipAddressText),
    interceptPeerDial: () => ALLOW,
    interceptAddrDial: (peer, addr) => refusals.note(judge(peer.toString(), addr)),
    interceptAccept ({ remoteMultiaddr }) {
      const address = ipAddressOf(remoteMultiaddr)
      if (address !== undefined && isPrivate(address) && !isCircuit(remoteMultiaddr)) learn(address)
      return ALLOW
    },
    interceptSecured: (_direction, peer, { remoteMultiaddr }) => refusals.note(judge(peer.toString(), remoteMultiaddr)),
    interceptUpgraded: () => ALLOW,
    stat: () => ({ learned: learned.size, refusals: refusals.stat() })
  } satisfies PrivateNetGater)
}
