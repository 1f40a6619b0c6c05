import { ALLOW, type ConnectionGater, type PeerRef } from '@weir/network'
import { type BasicGaterInit, resolveBasicGaterInit } from './basic-gater-init.ts'
import type { BasicGaterStat, RuleBookStat } from './basic-gater-stat.ts'
import { type ClosedConn, type ConnHolder, closeDenied } from './close-denied.ts'
import { collectOver } from './collect-over.ts'
import type { Entry, ListedEntry } from './entry.ts'
import type { BlockOptions, TrustOptions, WriteOptions } from './entry-options.ts'
import { EntryWriter } from './entry-writer.ts'
import { compileGatingConfig, type GatingConfig, type GatingConfigState } from './gating-config.ts'
import { loadEntries } from './load-entries.ts'
import type { LoadReport } from './load-report.ts'
import { RefusalCounts } from './refusal-counts.ts'
import { type RuleBook, ruleBook } from './rule-book.ts'
import { readAddr, RuleEditor } from './rule-editor.ts'
import { Rules } from './rules.ts'
import { Sweep } from './sweep.ts'
import type { Trust } from './trust.ts'

/**
 * Who is blocked and who is trusted, by peer, address and subnet, until when and why. Trust wins: a trusted peer is let in whatever
 * else is said of it or its address, a trusted address is good for itself.
 *
 * Everything an operator says is written to the datastore before it is in force and before its promise resolves. `block...` and
 * `trust...` replace what stood there; they resolve to false when they left it as it was, which only an automatic entry does,
 * in front of a manual one. `unblock...` and `untrust...` resolve to whether something was there.
 *
 * Lists are made in one synchronous pass over everything.
 *
 * @throws all changes: {TypeError} or {RangeError} for what is no peer, address, subnet or option, {GaterFullError} at a bound,
 * {GaterWriteError} when the datastore refuses, {GaterWriteTimeoutError} when it does not answer, {GaterClosedError} after `close`
 * @see reference/go-libp2p.md 4 and reference/mina-net2.md 3.2
 */
export interface BasicGater extends ConnectionGater, Trust, AsyncDisposable {
  /** What came of reading the datastore. */
  readonly loadReport: LoadReport

  blockPeer (peer: PeerRef | string, options?: BlockOptions): Promise<boolean>
  unblockPeer (peer: PeerRef | string, options?: WriteOptions): Promise<boolean>
  listBlockedPeers (): ListedEntry[]
  blockedPeer (peer: PeerRef | string): Entry | undefined

  /** @param ip - such as `192.0.2.1` or `2001:db8::1` */
  blockAddr (ip: string, options?: BlockOptions): Promise<boolean>
  unblockAddr (ip: string, options?: WriteOptions): Promise<boolean>
  listBlockedAddrs (): ListedEntry[]
  blockedAddr (ip: string): Entry | undefined

  /** @param cidr - such as `192.0.2.0/24` or `2001:db8::/32` */
  blockSubnet (cidr: string, options?: BlockOptions): Promise<boolean>
  unblockSubnet (cidr: string, options?: WriteOptions): Promise<boolean>
  listBlockedSubnets (): ListedEntry[]

  trustPeer (peer: PeerRef | string, options?: TrustOptions): Promise<boolean>
  untrustPeer (peer: PeerRef | string, options?: WriteOptions): Promise<boolean>
  listTrustedPeers (): ListedEntry[]

  trustAddr (ip: string, options?: TrustOptions): Promise<boolean>
  untrustAddr (ip: string, options?: WriteOptions): Promise<boolean>
  listTrustedAddrs (): ListedEntry[]

  trustSubnet (cidr: string, options?: TrustOptions): Promise<boolean>
  untrustSubnet (cidr: string, options?: WriteOptions): Promise<boolean>
  listTrustedSubnets (): ListedEntry[]

  /** Replaces the configuration, at once and as a whole. It is not written to the datastore. @returns the new one, as it was understood */
  setGatingConfig (config: GatingConfig): GatingConfigState
  gatingConfig (): GatingConfigState

  /** Closes the live connections that are denied now: after a change of configuration, or a ban. @see closeDenied */
  enforce (network: ConnHolder): Promise<ClosedConn[]>

  stat (): BasicGaterStat

  /** Ends the sweep and waits for writes that have begun, `writeTimeoutMs` at most. The gater still answers; the datastore stays open. */
  close (): Promise<void>
}

/**
 * Makes a gater from what the datastore holds. The caller owns and closes it, and then the datastore.
 *
 * Reading takes its time in small pieces, so that everything else goes on. What cannot be read is set aside and reported in
 * `loadReport`; it is not in force.
 *
 * @throws {TypeError} or {RangeError} when `init` is wrong
 * @throws {GaterLoadError} when the datastore cannot be read
 * @throws {GaterFullError} when it holds more than the bounds allow
 */
export async function createBasicGater (init: BasicGaterInit = {}): Promise<BasicGater> {
  const { datastore, clock, random, config, limits } = resolveBasicGaterInit(init)
  const blocked = ruleBook({ list: 'blocked', limits, clock, random })
  const trusted = ruleBook({ list: 'trusted', limits, clock, random })
  const rules = new Rules({ blocked, trusted }, compileGatingConfig(config, limits, random), clock)
  const loadReport = await loadEntries(datastore, { blocked, trusted }, () => clock.wallMs())
  const refusals = new RefusalCounts()
  let failedCollections = 0
  const sweep = new Sweep({
    clock,
    intervalMs: limits.sweepIntervalMs,
    pauseMs: limits.sweepPauseMs,
    pass: () => collectOver({ books: [blocked, trusted], writer, clock, batch: limits.sweepBatch, onFailure: () => { failedCollections++ } }),
    isNeeded: () => [blocked, trusted].some(({ peers, addrs, subnets }) => peers.numEnding + addrs.numEnding + subnets.numEnding > 0)
  })
  const writer = new EntryWriter({ datastore, clock, limits, onEnding: () => { sweep.arm() } })
  const block = new RuleEditor({ book: blocked, writer, clock, limits })
  const trust = new RuleEditor({ book: trusted, writer, clock, limits })
  sweep.arm()

  const close = async (): Promise<void> => {
    sweep[Symbol.dispose]()
    await writer.close()
  }
  const gater: BasicGater = {
    loadReport,
    blockPeer: (peer, options) => block.putPeer(peer, options),
    unblockPeer: (peer, options) => block.deletePeer(peer, options),
    listBlockedPeers: () => blocked.peers.list(),
    blockedPeer: peer => blocked.peers.live(peer.toString()),
    blockAddr: (ip, options) => block.putAddr(ip, options),
    unblockAddr: (ip, options) => block.deleteAddr(ip, options),
    listBlockedAddrs: () => blocked.addrs.list(),
    blockedAddr: ip => blocked.addrs.live(readAddr(ip)),
    blockSubnet: (cidr, options) => block.putSubnet(cidr, options),
    unblockSubnet: (cidr, options) => block.deleteSubnet(cidr, options),
    listBlockedSubnets: () => blocked.subnets.list(),
    trustPeer: (peer, options) => trust.putPeer(peer, options),
    untrustPeer: (peer, options) => trust.deletePeer(peer, options),
    listTrustedPeers: () => trusted.peers.list(),
    trustAddr: (ip, options) => trust.putAddr(ip, options),
    untrustAddr: (ip, options) => trust.deleteAddr(ip, options),
    listTrustedAddrs: () => trusted.addrs.list(),
    trustSubnet: (cidr, options) => trust.putSubnet(cidr, options),
    untrustSubnet: (cidr, options) => trust.deleteSubnet(cidr, options),
    listTrustedSubnets: () => trusted.subnets.list(),
    isTrustedPeer: peer => rules.isTrustedPeer(peer),
    isTrustedAddr: address => rules.isTrustedAddr(address),
    setGatingConfig (next) {
      rules.config = compileGatingConfig(next, limits, random)
      return rules.config.state
    },
    gatingConfig: () => rules.config.state,
    interceptPeerDial: peer => refusals.note(rules.judgePeer(peer.toString())),
    interceptAddrDial: (peer, addr) => refusals.note(rules.judgePeerAndAddr(peer.toString(), addr, true)),
    interceptAccept: ({ remoteMultiaddr }) => refusals.note(rules.judgeAccept(remoteMultiaddr)),
    interceptSecured: (_direction, peer, { remoteMultiaddr }) => refusals.note(rules.judgePeerAndAddr(peer.toString(), remoteMultiaddr, false)),
    interceptUpgraded: () => ALLOW,
    enforce: network => closeDenied(network, gater),
    stat: () => ({ blocked: statOf(blocked), trusted: statOf(trusted), refusals: refusals.stat(), pendingWrites: writer.pending, failedCollections }),
    close,
    [Symbol.asyncDispose]: close
  }
  return Object.freeze(gater)
}

function statOf ({ peers, addrs, subnets }: RuleBook): RuleBookStat {
  return { peers: peers.size, addrs: addrs.size, subnets: subnets.size, automatic: peers.numAutomatic + addrs.numAutomatic + subnets.numAutomatic }
}
