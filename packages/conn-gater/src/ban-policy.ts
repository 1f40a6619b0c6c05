import { type Clock, type Conn, ipAddressOf, ipAddressText, type PeerRef, systemClock } from '@weir/network'
import { isCircuit } from './addr-kind.ts'
import type { BasicGater } from './basic-gater.ts'
import type { ClosedConn } from './close-denied.ts'
import { BAN_POLICY_DEFAULTS, type BanPolicyLimits } from './defaults.ts'
import type { Entry, EntryKind } from './entry.ts'
import { TrustedError } from './errors.ts'
import { resolveLimits } from './resolve-limits.ts'
import { readAddr } from './rule-editor.ts'
import { Strikes } from './strikes.ts'

type GivenLimits = { readonly [K in keyof BanPolicyLimits]?: BanPolicyLimits[K] | undefined }

/** Where a ban policy finds connections; a `Network` is one. */
export interface BanNetwork {
  conns (): Conn[]
  connsToPeer (peer: PeerRef): Conn[]
}

const nullBanNetwork: BanNetwork = Object.freeze({ conns: () => [], connsToPeer: () => [] })

export interface BanPolicyInit extends GivenLimits {
  /** Holds the bans. */
  readonly gater: Pick<BasicGater, 'blockPeer' | 'blockAddr' | 'blockedPeer' | 'blockedAddr' | 'unblockPeer' | 'unblockAddr' | 'isTrustedPeer' | 'isTrustedAddr' | 'enforce'>
  /** Whose connections to the banned are closed, and tell the addresses of banned peers. @defaultValue one without connections */
  readonly network?: BanNetwork | undefined
  readonly clock?: Clock | undefined
}

/** Who, or where, or both. */
export interface BanTarget {
  readonly peer?: PeerRef | string | undefined
  /** Without one, those that the peer is connected from are banned with it. */
  readonly ip?: string | undefined
}

export interface BanOptions {
  /** `manual`: until it is taken back, written down. `automatic`: for a while, longer each time, in memory. @defaultValue `automatic` */
  readonly kind?: EntryKind | undefined
  readonly reason?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** What a ban did, as plain data. */
export interface BanReport {
  /** The peer and the addresses that are banned now. */
  readonly bans: readonly { readonly key: string, readonly kind: EntryKind, readonly untilMs: number }[]
  /** The connections that were closed. */
  readonly closed: readonly ClosedConn[]
}

/**
 * Bans that grow: the first lasts a day, each further one within 30 days twice as long as the last, up to 30 days. It keeps no bans of its
 * own: they stand in the gater's lists, with the gater's bounds.
 *
 * - A ban of who is banned counts too, and prolongs; it never shortens.
 * - A manual ban replaces an automatic one, and an automatic ban leaves a manual one alone.
 * - Whoever is trusted is not banned.
 * - `unban` takes the ban back, whoever made it, and forgets what came before.
 *
 * @see reference/mina-net2.md 3.2, "2026 ban manager"
 */
export interface BanPolicy {
  /**
   * Automatic bans are in force when the call returns; connections are closed when the promise resolves.
   *
   * @throws {TrustedError} when the peer or the address is trusted, and nothing is banned
   * @throws {TypeError} without a peer and an ip; and what `blockPeer` and `blockAddr` throw
   */
  ban (target: BanTarget, options?: BanOptions): Promise<BanReport>
  /** Only what is named: a peer's addresses stay banned. @returns whether anything was banned */
  unban (target: BanTarget, options?: { readonly signal?: AbortSignal | undefined }): Promise<boolean>
  /** Of how many peers and addresses bans are remembered. */
  stat (): { readonly struckPeers: number, readonly struckAddrs: number }
}

/** How long the k-th ban within the window lasts. @param k - 1 or more */
export function banDurationMs (k: number, { firstBanMs, longestBanMs }: Pick<BanPolicyLimits, 'firstBanMs' | 'longestBanMs'> = BAN_POLICY_DEFAULTS): number {
  return Math.min(firstBanMs * 2 ** (k - 1), longestBanMs)
}

/** Makes a policy that remembers nobody. It holds no timer and needs no end. */
export function createBanPolicy (init: BanPolicyInit): BanPolicy {
  const { gater, network = nullBanNetwork, clock = systemClock, ...given } = init
  const limits = resolveLimits(BAN_POLICY_DEFAULTS, given)
  const maxEach = Math.max(1, Math.ceil(Math.log2(limits.longestBanMs / limits.firstBanMs)) + 1) // from there on all bans are the longest
  const strikes = (): Strikes => new Strikes({ windowMs: limits.strikeWindowMs, max: limits.maxStruck, maxEach })
  const struck = { peers: strikes(), addrs: strikes() }

  function untilMs (list: Strikes, key: string, kind: EntryKind, banned: Entry | undefined): number {
    if (kind === 'manual') return Infinity
    const nowMs = clock.wallMs()
    if (banned?.kind === 'manual') return banned.untilMs
    return Math.max(banned?.untilMs ?? 0, nowMs + banDurationMs(list.add(key, nowMs), limits))
  }

  async function ban (target: BanTarget, { kind = 'automatic', reason, signal }: BanOptions = {}): Promise<BanReport> {
    const { peer, ips } = targetsOf(target, network)
    if (peer !== undefined && gater.isTrustedPeer(peer)) throw new TrustedError(peer)
    const trusted = ips.find(ip => gater.isTrustedAddr(readAddr(ip)))
    if (trusted !== undefined && target.ip !== undefined) throw new TrustedError(trusted)
    const bannedIps = ips.filter(ip => !gater.isTrustedAddr(readAddr(ip)))
    const writes: Promise<boolean>[] = []
    if (peer !== undefined) writes.push(gater.blockPeer(peer, { kind, reason, signal, untilMs: untilMs(struck.peers, peer, kind, gater.blockedPeer(peer)) }))
    for (const ip of bannedIps) writes.push(gater.blockAddr(ip, { kind, reason, signal, untilMs: untilMs(struck.addrs, ip, kind, gater.blockedAddr(ip)) }))
    await settled(writes)
    const keys = [...(peer === undefined ? [] : [{ key: peer, entry: gater.blockedPeer(peer) }]), ...bannedIps.map(ip => ({ key: ip, entry: gater.blockedAddr(ip) }))]
    const bans = keys.flatMap(({ key, entry }) => entry === undefined ? [] : [{ key, kind: entry.kind, untilMs: entry.untilMs }])
    return { bans, closed: await gater.enforce(network) }
  }

  async function unban (target: BanTarget, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<boolean> {
    const { peer, ips } = targetsOf(target, nullBanNetwork)
    if (peer !== undefined) struck.peers.delete(peer)
    for (const ip of ips) struck.addrs.delete(ip)
    return (await settled([...(peer === undefined ? [] : [gater.unblockPeer(peer, { signal })]), ...ips.map(ip => gater.unblockAddr(ip, { signal }))])).includes(true)
  }

  return Object.freeze({ ban, unban, stat: () => ({ struckPeers: struck.peers.size, struckAddrs: struck.addrs.size }) })
}

/** Texts of whom a ban is about: the peer, and the address it names or those it is connected from. */
function targetsOf (target: BanTarget, network: BanNetwork): { readonly peer: string | undefined, readonly ips: readonly string[] } {
  for (const key of Object.keys(target)) if (key !== 'peer' && key !== 'ip') throw new TypeError(`a ban has no ${key}`)
  const peer = target.peer?.toString()
  if (peer === undefined && target.ip === undefined) throw new TypeError('a ban is of a peer or an ip')
  if (target.ip !== undefined) return { peer, ips: [ipAddressText(readAddr(target.ip))] }
  const conns = peer === undefined ? [] : network.connsToPeer({ type: 'text', toString: () => peer })
  const addresses = conns.filter(conn => !isCircuit(conn.remoteMultiaddr)).flatMap(conn => ipAddressOf(conn.remoteMultiaddr) ?? [])
  return { peer, ips: [...new Set(addresses.map(ipAddressText))] }
}

/** Waits for all, and then throws the first failure. */
async function settled<T> (promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises)
  return await Promise.all(promises)
}
