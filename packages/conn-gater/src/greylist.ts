import type { Multiaddr } from '@multiformats/multiaddr'
import { ALLOW, type Clock, type ConnectionGater, ipAddressOf, ipAddressText, type PeerRef, systemClock, type Verdict } from '@weir/network'
import { GREYLIST_DEFAULTS, type GreylistLimits } from './defaults.ts'
import { EntryDenial } from './entry-denial.ts'
import { GreylistBook, type GreylistEntry } from './greylist-book.ts'
import { ipKey } from './ip-key.ts'
import { RefusalCounts } from './refusal-counts.ts'
import { resolveLimits } from './resolve-limits.ts'
import { readAddr } from './rule-editor.ts'
import { Sweep } from './sweep.ts'
import { noTrust, type Trust } from './trust.ts'

type GivenLimits = { readonly [K in keyof GreylistLimits]?: GreylistLimits[K] | undefined }

/** All may be left out. */
export interface GreylistInit extends GivenLimits {
  readonly clock?: Clock | undefined
  /** Who is let pass even if greylisted. @defaultValue nobody */
  readonly trust?: Trust | undefined
}

export interface GreylistOptions {
  readonly reason?: string | undefined
  /** @defaultValue the greylist's */
  readonly ttlMs?: number | undefined
}

/**
 * Peers and addresses that misbehaved and are kept out for a while: exact, bounded, in memory. Being put in again begins the time anew
 * and makes the newest; when it is full, the oldest gives way. Nothing waits: it is in force when the call returns.
 *
 * @see reference/tezos-p2p.md 5.6, seed 001 "greylist_addr", seed 003 "gc_greylist"
 */
export interface Greylist extends ConnectionGater, Disposable {
  /** @throws {RangeError} for a time that is none */
  greylistPeer (peer: PeerRef | string, options?: GreylistOptions): void
  /** @throws {RangeError} for what is no address, or a time that is none */
  greylistAddr (ip: string, options?: GreylistOptions): void
  /** @returns whether it was on the list */
  ungreylistPeer (peer: PeerRef | string): boolean
  ungreylistAddr (ip: string): boolean
  isGreylistedPeer (peer: PeerRef | string): boolean
  isGreylistedAddr (ip: string): boolean
  /** Oldest first. */
  listGreylistedPeers (): GreylistEntry[]
  listGreylistedAddrs (): GreylistEntry[]
  clearPeers (): void
  clearAddrs (): void
  clear (): void
  /** Forgets what was put in before a moment of the wall clock. @returns how many */
  gcGreylist (olderThanMs: number): number
  /** Plain data. */
  stat (): { readonly peers: number, readonly addrs: number, readonly refusals: Readonly<Record<string, number>> }
}

/** Makes an empty greylist. The caller disposes it, which ends its timer; it can still be asked. */
export function createGreylist (init: GreylistInit = {}): Greylist {
  const { clock = systemClock, trust = noTrust, ...given } = init
  const limits = resolveLimits(GREYLIST_DEFAULTS, given)
  const peers = new GreylistBook<string>(clock, limits.maxPeers)
  const addrs = new GreylistBook<number | bigint>(clock, limits.maxAddrs)
  const refusals = new RefusalCounts()
  const sweep = new Sweep({
    clock,
    intervalMs: limits.sweepIntervalMs,
    pauseMs: limits.sweepIntervalMs,
    pass: () => {
      peers.sweep()
      addrs.sweep()
      return [].values() // few enough for one turn
    },
    isNeeded: () => peers.size + addrs.size > 0
  })

  function entryOf (key: string, { reason = '', ttlMs = limits.ttlMs }: GreylistOptions): GreylistEntry {
    if (!(ttlMs > 0)) throw new RangeError(`ttlMs must be above 0, got ${ttlMs}`)
    const sinceMs = clock.wallMs()
    return Object.freeze({ key, reason, sinceMs, untilMs: sinceMs + ttlMs })
  }

  function judgePeer (peer: string): Verdict {
    const entry = peers.get(peer)
    return entry === undefined || trust.isTrustedPeer(peer) ? ALLOW : new EntryDenial('greylisted-peer', () => `peer ${peer}`, entry)
  }

  function judgeAddr (addr: Multiaddr): Verdict {
    const address = addrs.size === 0 ? undefined : ipAddressOf(addr)
    const entry = address === undefined ? undefined : addrs.get(ipKey(address))
    if (address === undefined || entry === undefined || trust.isTrustedAddr(address)) return ALLOW
    return new EntryDenial('greylisted-addr', () => `address ${ipAddressText(address)}`, entry)
  }

  function judgeBoth (peer: string, addr: Multiaddr): Verdict {
    const verdict = judgePeer(peer)
    if (verdict !== ALLOW) return verdict
    const ofAddr = judgeAddr(addr)
    return ofAddr === ALLOW || trust.isTrustedPeer(peer) ? ALLOW : ofAddr
  }

  return Object.freeze({
    greylistPeer (peer, options = {}) {
      const key = peer.toString()
      peers.add(key, entryOf(key, options))
      sweep.arm()
    },
    greylistAddr (ip, options = {}) {
      const address = readAddr(ip)
      addrs.add(ipKey(address), entryOf(ipAddressText(address), options))
      sweep.arm()
    },
    ungreylistPeer: peer => peers.delete(peer.toString()),
    ungreylistAddr: ip => addrs.delete(ipKey(readAddr(ip))),
    isGreylistedPeer: peer => peers.get(peer.toString()) !== undefined,
    isGreylistedAddr: ip => addrs.get(ipKey(readAddr(ip))) !== undefined,
    listGreylistedPeers: () => peers.list(),
    listGreylistedAddrs: () => addrs.list(),
    clearPeers: () => { peers.clear() },
    clearAddrs: () => { addrs.clear() },
    clear () {
      peers.clear()
      addrs.clear()
    },
    gcGreylist: olderThanMs => peers.deleteOlderThan(olderThanMs) + addrs.deleteOlderThan(olderThanMs),
    interceptPeerDial: peer => refusals.note(judgePeer(peer.toString())),
    interceptAddrDial: (peer, addr) => refusals.note(judgeBoth(peer.toString(), addr)),
    interceptAccept: ({ remoteMultiaddr }) => refusals.note(judgeAddr(remoteMultiaddr)),
    interceptSecured: (_direction, peer, { remoteMultiaddr }) => refusals.note(judgeBoth(peer.toString(), remoteMultiaddr)),
    interceptUpgraded: () => ALLOW,
    stat: () => ({ peers: peers.size, addrs: addrs.size, refusals: refusals.stat() }),
    [Symbol.dispose]: () => { sweep[Symbol.dispose]() }
  } satisfies Greylist)
}
