import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { type DialPeerOptions, type PeerRef, ResourceLimitExceededError } from '@weir/network'
import { addrsForDial } from './addrs-for-dial.ts'
import { type DialAddrOptions, type DialAddrParts, dialAddr } from './dial-addr.ts'
import { DialBackoff } from './dial-backoff.ts'
import type { AddrsForDial, DialFilters } from './dial-filters.ts'
import { DialLimiter } from './dial-limiter.ts'
import type { DialSnapshot } from './dial-snapshot.ts'
import { DialSync } from './dial-sync.ts'
import { DialWorker } from './dial-worker.ts'
import { withoutPeer } from './peer-in-addr.ts'
import type { SwarmConn } from './swarm-conn.ts'

/** What dials need of the swarm. */
export interface OutboundDialsInit extends DialAddrParts {
  ownAddrs (): Multiaddr[]
  establish (conn: SwarmConn): void
  /** The connection that a dial would make needless. */
  openConn (peer: PeerRef, options: { readonly forceDirectDial: boolean }): SwarmConn | undefined
}

/** All dials of a swarm, and what they share: the limits, the back-off, and what is known of black holes. */
export class OutboundDials {
  readonly #init: OutboundDialsInit
  readonly #limiter: DialLimiter
  readonly #backoff: DialBackoff
  readonly #sync: DialSync
  readonly #attempts = new Set<Promise<unknown>>()

  constructor (init: OutboundDialsInit) {
    const { settings } = init
    this.#init = init
    this.#limiter = new DialLimiter(settings)
    this.#backoff = new DialBackoff(settings.clock)
    this.#sync = new DialSync({ maxDials: settings.maxDials, createWorker: (peer, onEnd) => this.#worker(peer, onEnd) })
  }

  /** Joins the dial to the peer, or starts it. */
  async dial (peer: PeerId, options: DialPeerOptions): Promise<SwarmConn> {
    return await this.#sync.dial(peer, options)
  }

  dials (): DialSnapshot[] {
    return this.#sync.dials()
  }

  /** There is a connection, whoever made it: the peer's addresses may be tried again. */
  connected (peer: PeerRef): void {
    this.#backoff.clear(peer)
  }

  /** Aborts all dials and waits for their ends. */
  async close (reason: Error): Promise<void> {
    this.#sync.abort(reason)
    await Promise.allSettled([...this.#attempts])
    this.#backoff[Symbol.dispose]()
  }

  #worker (peer: PeerId, onEnd: () => void): DialWorker {
    const { settings, establish, openConn } = this.#init
    return new DialWorker({
      peer,
      clock: settings.clock,
      ranker: settings.dialRanker,
      limiter: this.#limiter,
      backoff: this.#backoff,
      addrsForDial: async options => await this.#addrsForDial(peer, options),
      dialAddr: async (addr, options) => await this.#dialAddr(peer, addr, options),
      establish,
      openConn: options => openConn(peer, options),
      onEnd
    })
  }

  async #addrsForDial (peer: PeerId, { forceDirectDial, signal }: { readonly forceDirectDial: boolean, readonly signal: AbortSignal }): Promise<AddrsForDial> {
    const { settings, signals } = this.#init
    using task = signals.open(`resolving the addresses of ${peer}`, settings.resolveTimeoutMs, signal)
    return await addrsForDial(peer, {
      peerstore: settings.peerstore,
      resolver: settings.resolver,
      outputLimit: settings.maxAddrsPerDial,
      recursionLimit: settings.maxDnsaddrRecursion,
      signal: task.signal,
      filters: () => this.#filters(forceDirectDial)
    })
  }

  #filters (forceDirectDial: boolean): DialFilters {
    const { settings: { connectionGater, blackHoleDetector }, transports, ownAddrs } = this.#init
    return { transports, connectionGater, blackHoleDetector, ownAddrs: ownAddrs().map(withoutPeer), forceDirectDial }
  }

  async #dialAddr (peer: PeerId, addr: Multiaddr, options: DialAddrOptions): Promise<SwarmConn> {
    const { blackHoleDetector } = this.#init.settings
    const attempt = dialAddr(peer, addr, this.#init, options)
    this.#attempts.add(attempt)
    try {
      const conn = await attempt
      blackHoleDetector.record(addr, true)
      return conn
    } catch (cause) {
      if (!ResourceLimitExceededError.is(cause)) blackHoleDetector.record(addr, false) // refused here: it never left
      throw cause
    } finally {
      this.#attempts.delete(attempt)
    }
  }
}
