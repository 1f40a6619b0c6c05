import { type Conn, type ConnLimiter, type ConnManager, type ConnMultiaddrs, type Notifiee, notifyBundle, type PeerRef, type ResourceLimitExceededError, type TagInfo, type TrimReport } from '@weir/network'
import { checkTagName, checkTagValue } from './check-tag.ts'
import { ConnCloser } from './conn-closer.ts'
import type { ConnManagerInfo } from './conn-manager-info.ts'
import { type ConnManagerInit, type ResolvedConnManagerInit, resolveConnManagerInit } from './conn-manager-init.ts'
import { DecayKeeper } from './decay-keeper.ts'
import type { Decayer, DecayingTag, DecayingTagInit } from './decayer.ts'
import { WatermarkAboveLimitError } from './errors.ts'
import { ExpectedGuests } from './expected-guests.ts'
import { explainRanking } from './explain-ranking.ts'
import { GroupTable } from './group-table.ts'
import type { ConnEntry, PeerEntry } from './peer-entry.ts'
import type { PeerRank } from './peer-rank.ts'
import { PeerTable } from './peer-table.ts'
import { planForcedTrim, planTrim, type TrimPlan } from './plan-trim.ts'
import { Protections } from './protections.ts'
import { type Ranking, rankPeers } from './rank-peers.ts'
import type { Spared } from './ranked-peer.ts'
import { RoomMaker } from './room-maker.ts'
import { tempSweep } from './temp-sweep.ts'
import { type TrimKind, Trimmer } from './trimmer.ts'
import { TrimTimer } from './trim-timer.ts'

/** A connection manager with everything that operators and other packages ask of it. */
export interface WatermarkConnManager extends ConnManager, Decayer {
  /**
   * Trims to the low mark exactly, at once: of peers that are neither trusted nor protected first, whatever their grace, and of
   * those with the most streams first where values are equal; if they are not enough, of the protected and at last of the trusted.
   */
  forceTrim (options?: { readonly signal?: AbortSignal | undefined }): Promise<TrimReport>
  /** Every peer in the order in which a trim would take them now, with the reason. Changes nothing. */
  explain (): PeerRank[]
  info (): ConnManagerInfo
}

const SILENCE_WHEN_NONE_MS = 1_000

/**
 * Makes a connection manager. Register its `notifiee` with the network; the caller owns and closes it.
 *
 * It trims by itself while there are `highWater` connections or more, and no sooner than `silencePeriodMs` after the last trim;
 * `trimOpenConns` and `forceTrim` do not wait for that. With a silence of 0 it takes half of the grace, or a second. What is full
 * never throws: `info` counts it.
 *
 * After `close` nothing is trimmed and no room is made; what is known can still be read and written.
 *
 * @throws {TypeError} or {RangeError} when `init` is wrong
 * @see reference/go-libp2p.md 3
 */
export function createConnManager (init: ConnManagerInit = {}): WatermarkConnManager {
  return new WatermarkManager(resolveConnManagerInit(init))
}

class WatermarkManager implements WatermarkConnManager {
  readonly notifiee: Notifiee
  readonly #init: ResolvedConnManagerInit
  readonly #table: PeerTable
  readonly #groups = new GroupTable()
  readonly #protections: Protections
  readonly #expected: ExpectedGuests
  readonly #room: RoomMaker
  readonly #decay: DecayKeeper
  readonly #trimmer: Trimmer
  readonly #timer: TrimTimer
  readonly #background = new DisposableStack()
  #numUntrustedInbound = 0

  constructor (init: ResolvedConnManagerInit) {
    this.#init = init
    const { limits, clock, decay, onError } = init
    const groupOf = ({ remoteMultiaddr }: ConnMultiaddrs): string => init.groupOf(remoteMultiaddr)
    const sweep = this.#background.use(tempSweep(clock, limits.tempPeerTtlMs, count => this.#table.sweep(count)))
    this.#table = new PeerTable({ clock, limits, groupOf, onTemporary: () => { sweep.arm() } })
    this.#protections = new Protections({ maxInForce: limits.protectedRatio === 1 ? Infinity : Math.floor(limits.protectedRatio * limits.highWater), maxPeers: limits.maxProtectedPeers, maxTagsPerPeer: limits.maxTagsPerPeer })
    this.#expected = new ExpectedGuests(clock)
    this.#room = new RoomMaker({ clock, groups: this.#groups, expected: this.#expected, gracePeriodMs: limits.gracePeriodMs, groupOf, isSpared: entry => this.#vouchedFor(entry) !== undefined })
    this.#decay = this.#background.use(new DecayKeeper({ clock, table: this.#table, decay, maxDecayingTags: limits.maxDecayingTags, onError }))
    const closer = this.#background.use(new ConnCloser(clock, limits.closeTimeoutMs))
    this.#trimmer = new Trimmer({ clock, table: this.#table, closer, plan: kind => this.#plan(kind) })
    this.#timer = this.#background.use(new TrimTimer({
      clock,
      intervalMs: limits.silencePeriodMs || Math.ceil(limits.gracePeriodMs / 2) || SILENCE_WHEN_NONE_MS,
      lastTrimMs: () => this.#trimmer.lastTrimMs,
      isHigh: () => limits.lowWater > 0 && limits.highWater > 0 && this.#table.numConns >= limits.highWater,
      trim: () => { void this.#trimmer.trim() }
    }))
    this.notifiee = notifyBundle({
      connected: (_network, conn) => { this.#connected(conn) },
      disconnected: (_network, conn) => { this.#disconnected(conn) }
    })
  }

  tagPeer (peer: PeerRef, tag: string, value: number): void {
    checkTagName(tag)
    checkTagValue(tag, value)
    this.#table.entryToTag(peer, entry => entry.tags.has(tag))?.setTag(tag, value)
  }

  untagPeer (peer: PeerRef, tag: string): void {
    const entry = this.#table.find(peer.toString())
    if (entry === undefined) return
    entry.deleteTag(tag)
    this.#table.settle(entry)
  }

  upsertTag (peer: PeerRef, tag: string, upsert: (value: number) => number): void {
    this.tagPeer(peer, tag, upsert(this.#table.find(peer.toString())?.tags.get(tag) ?? 0)) // asked first: it may call back
  }

  tagInfo (peer: PeerRef): TagInfo | undefined {
    const entry = this.#table.find(peer.toString())
    if (entry === undefined) return undefined
    const { firstSeenMs, value, conns } = entry
    const tags = new Map(entry.tags)
    for (const each of entry.decaying?.values() ?? []) tags.set(each.tag, (tags.get(each.tag) ?? 0) + each.value)
    return { firstSeenMs, value, tags, conns: new Map(conns.map(({ conn, openedMs }) => [conn.id, openedMs])) }
  }

  registerDecayingTag (name: string, init: DecayingTagInit): DecayingTag {
    return this.#decay.registerDecayingTag(name, init)
  }

  protect (peer: PeerRef, tag: string): void {
    const entry = this.#table.find(peer.toString())
    this.#protections.protect(peer, tag, entry?.isTemporary === false ? entry : undefined)
  }

  unprotect (peer: PeerRef, tag: string): boolean {
    return this.#protections.unprotect(peer, tag)
  }

  isProtected (peer: PeerRef, tag?: string): boolean {
    return this.#protections.isProtected(peer, tag)
  }

  async trimOpenConns ({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<TrimReport> {
    return await this.#trimmer.trim(signal)
  }

  async forceTrim ({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<TrimReport> {
    return await this.#trimmer.force(signal)
  }

  explain (): PeerRank[] {
    const ranking = this.#rank('ordinary')
    return explainRanking(ranking, planTrim(ranking, this.#marks()))
  }

  checkLimit ({ connLimit }: ConnLimiter): void {
    const { highWater } = this.#init.limits
    if (highWater > connLimit) throw new WatermarkAboveLimitError(highWater, connLimit)
  }

  makeRoom (refusal: ResourceLimitExceededError, newcomer?: ConnMultiaddrs): boolean {
    return !this.#background.disposed && this.#room.makeRoom(refusal, newcomer)
  }

  info (): ConnManagerInfo {
    const { lowWater, highWater, gracePeriodMs, silencePeriodMs, maxUntrustedInbound } = this.#init.limits
    return {
      lowWater,
      highWater,
      gracePeriodMs,
      silencePeriodMs,
      lastTrimMs: this.#trimmer.lastTrimWallMs,
      numConns: this.#table.numConns,
      numPeers: this.#table.numConnectedPeers,
      numUntrustedInbound: this.#numUntrustedInbound,
      maxUntrustedInbound,
      numTempPeers: this.#table.numTempPeers,
      numProtectedPeers: this.#protections.size,
      numProtectedInForce: this.#protections.numInForce,
      numProtectedWaiting: this.#protections.numWaiting,
      numDecayingTags: this.#decay.numTags,
      numTrims: this.#trimmer.numTrims,
      numTrimmedConns: this.#trimmer.numTrimmedConns,
      numRoomsMade: this.#room.numMade,
      numRoomsRefused: this.#room.numRefused,
      numEvictedTempPeers: this.#table.evictedTempPeers,
      numIgnoredTags: this.#table.ignoredTags,
      numIgnoredProtections: this.#protections.ignored
    }
  }

  async close (): Promise<void> {
    this.#background.dispose()
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    await this.close()
  }

  #connected (conn: Conn): void {
    const entry = this.#table.connect(conn)
    if (entry === undefined) return // told twice
    if (entry.peer.conns.length === 1) this.#protections.connected(entry.peer)
    if (entry.inbound) this.#admit(entry)
    this.#timer.arm()
  }

  /** Sees that newcomers whom nobody vouches for leave the places that are kept for others. */
  #admit (entry: ConnEntry): void {
    this.#groups.add(entry)
    this.#expected.arrived(entry.group)
    if (this.#vouchedFor(entry.peer) !== undefined) return
    entry.takesPlace = true
    this.#numUntrustedInbound++
    if (this.#numUntrustedInbound > this.#init.limits.maxUntrustedInbound && !this.#background.disposed) this.#room.makeRoomFor(entry)
  }

  #disconnected (conn: Conn): void {
    const entry = this.#table.disconnect(conn)
    if (entry === undefined) return
    if (entry.inbound) this.#groups.delete(entry)
    if (entry.takesPlace) this.#numUntrustedInbound--
    if (entry.peer.isTemporary) this.#protections.disconnected(entry.peer)
  }

  #vouchedFor ({ peer, isProtected }: PeerEntry): 'trusted' | 'protected' | undefined {
    if (isProtected) return 'protected'
    return this.#init.isTrusted(peer) ? 'trusted' : undefined
  }

  #plan (kind: TrimKind): TrimPlan {
    if (this.#background.disposed) return { close: [], forget: [], spared: [], reason: 'the connection manager is closed' }
    const ranking = this.#rank(kind)
    return kind === 'forced' ? planForcedTrim(ranking, this.#init.limits) : planTrim(ranking, this.#marks())
  }

  #rank (kind: TrimKind): Ranking {
    const forced = kind === 'forced'
    const graceBeganMs = this.#init.clock.monotonicMs() - this.#init.limits.gracePeriodMs
    const isInGrace = ({ seenAtMs }: PeerEntry): boolean => seenAtMs > graceBeganMs
    const sparedFor = (entry: PeerEntry): Spared | undefined => this.#vouchedFor(entry) ?? (!forced && isInGrace(entry) ? 'grace' : undefined)
    return rankPeers({ visit: onEntry => { this.#table.visit(onEntry) }, sparedFor, isInGrace, forced })
  }

  #marks (): Parameters<typeof planTrim>[1] {
    const { lowWater, highWater, reservedOutboundRatio } = this.#init.limits
    return { lowWater, highWater, reservedOutbound: Math.floor(reservedOutboundRatio * lowWater) }
  }
}
