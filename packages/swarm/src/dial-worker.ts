import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { type Clock, ConnClosedError, type DialPeerOptions, DialPriority, type DialRanker } from '@weir/network'
import { AddrKind } from './addr-kind.ts'
import { noDelayDialRanker } from './default-dial-ranker.ts'
import { DIAL_RANKER_DEFAULTS, MAX_TRACKED_ADDRS } from './defaults.ts'
import type { DialAddrOptions } from './dial-addr.ts'
import type { DialBackoff } from './dial-backoff.ts'
import { AddrNotTriedError, DialBackoffError, NoGoodAddrsError } from './dial-errors.ts'
import type { AddrsForDial } from './dial-filters.ts'
import type { DialLimiter } from './dial-limiter.ts'
import { DialQueue } from './dial-queue.ts'
import { DialRequest } from './dial-request.ts'
import type { DialSnapshot } from './dial-snapshot.ts'
import { isOwnDoing, isOwnLimit } from './own-refusal.ts'
import { usesFd } from './raw-conn.ts'
import type { SwarmConn } from './swarm-conn.ts'
import { type TrackedDial, trackedDial } from './tracked-dial.ts'

/** What the dial of a peer works with. */
export interface DialWorkerInit {
  readonly peer: PeerId
  readonly clock: Clock
  readonly ranker: DialRanker
  readonly limiter: DialLimiter
  readonly backoff: DialBackoff
  addrsForDial (options: { readonly forceDirectDial: boolean, readonly signal: AbortSignal }): Promise<AddrsForDial>
  /** Dials one address. Must end soon once its signal is aborted. */
  dialAddr (addr: Multiaddr, options: DialAddrOptions): Promise<SwarmConn>
  /** Takes the connection in, or throws and ends it: the address has failed then. */
  establish (conn: SwarmConn): void
  /** A connection that came about by other means, such as the remote's dial. */
  openConn (options: { readonly forceDirectDial: boolean }): SwarmConn | undefined
  /** The last caller has left: nothing is under way any more, and nobody may join. Called once. */
  onEnd (): void
}

/**
 * The dial of one peer, with all its callers: it tries the addresses by their rank until one answers, each at its time, or as
 * soon as nothing else is under way. It ends with its last caller, and what is under way with it.
 *
 * @see reference/go-libp2p.md 5.2, steps 2 to 7
 */
export class DialWorker {
  readonly #init: DialWorkerInit
  readonly #requests = new Set<DialRequest>()
  readonly #dials = new Map<string, TrackedDial>()
  readonly #queue = new DialQueue()
  readonly #abort = new AbortController()
  readonly #startMs: number
  readonly #sinceMs: number
  #underWay = 0
  #connected = false
  #timer: Disposable | undefined

  constructor (init: DialWorkerInit) {
    this.#init = init
    this.#startMs = init.clock.monotonicMs()
    this.#sinceMs = init.clock.wallMs()
  }

  get priority (): DialPriority {
    for (const { priority } of this.#requests) if (priority === DialPriority.user) return priority
    return DialPriority.background
  }

  /** Whether it only waits: its names, or a free slot. */
  get isWaiting (): boolean {
    return [...this.#dials.values()].every(({ state }) => state !== 'dialling')
  }

  /** Addresses that it remembers. */
  get tracked (): number {
    return this.#dials.size
  }

  snapshot (): DialSnapshot {
    const addrs = [...this.#dials.values()].flatMap(({ key, state, sinceMs }) => {
      if (state === 'failed' || state === 'connected') return []
      return [{ addr: key, state: state === 'parked' ? 'waiting' : state, sinceMs } as const]
    })
    return { peer: this.#init.peer.toString(), sinceMs: this.#sinceMs, priority: this.priority, callers: this.#requests.size, addrs }
  }

  /** Waits for a connection with all others who ask for one. */
  join (options: DialPeerOptions): Promise<SwarmConn> {
    const request = new DialRequest(this.#init.peer, options, this.#init.clock, {
      onLeave: (request, cause) => {
        this.#requests.delete(request)
        if (this.#requests.size === 0) this.#end(cause)
      },
      openCause: (key, cause) => {
        const state = this.#dials.get(key)?.state
        return state === 'dialling' ? cause : new AddrNotTriedError(state === 'queued' ? 'turn' : 'slot')
      }
    })
    this.#requests.add(request)
    for (const { ticket } of this.#dials.values()) ticket?.raise(this.priority)
    void this.#serve(request)
    return request.result
  }

  /** Sends all callers away. @param error - what they get in place of a `DialError` with the cause */
  abort (cause: Error, error?: Error): void {
    for (const request of [...this.#requests]) request.giveUp(cause, error)
  }

  async #serve (request: DialRequest): Promise<void> {
    const { forceDirectDial } = request
    try {
      const { addrs, refused } = await this.#init.addrsForDial({ forceDirectDial, signal: this.#abort.signal })
      if (!request.waits) return
      const open = this.#init.openConn({ forceDirectDial })
      if (open !== undefined) return request.resolve(open)
      request.addFailures(refused)
      if (addrs.length === 0) return request.fail(new NoGoodAddrsError())
      this.#add(request, addrs)
    } catch (cause) {
      if (request.waits) request.fail(cause, cause)
    }
  }

  #add (request: DialRequest, addrs: readonly Multiaddr[]): void {
    const isUrgent = request.simultaneousConnect !== undefined
    const elapsedMs = this.#init.clock.monotonicMs() - this.#startMs
    for (const addr of addrs) request.addrs.set(addr.toString(), addr)
    for (const { addr, delayMs } of (isUrgent ? noDelayDialRanker : this.#init.ranker)(addrs)) {
      if (!request.addrs.has(addr.toString())) continue // nobody asked the ranker for it
      const dial = this.#dials.get(addr.toString())
      if (dial === undefined || dial.conn?.isClosed() === true) this.#track(request, addr, elapsedMs + delayMs)
      else if (dial.conn === undefined) this.#share(request, dial)
      else request.resolve(dial.conn)
      if (!request.waits) return
    }
    // A ranker that leaves addresses out must leave nobody waiting for them.
    for (const key of [...request.addrs.keys()]) if (!this.#dials.has(key)) this.#failFor(request, key, new AddrNotTriedError('turn'))
    this.#advance()
  }

  // Somebody asked for the address before.
  #share (request: DialRequest, dial: TrackedDial): void {
    if (dial.state === 'failed') this.#failFor(request, dial.key, dial.cause)
    if (dial.state !== 'queued') return
    dial.ignoresBackoff ||= request.forceDirectDial
    if (request.simultaneousConnect === undefined) return
    dial.isClient = request.simultaneousConnect.isClient
    this.#queue.updateOrAdd({ addr: dial.addr, delayMs: 0 })
  }

  #track (request: DialRequest, addr: Multiaddr, delayMs: number): void {
    const dial = trackedDial(addr, { isClient: request.simultaneousConnect?.isClient ?? true, ignoresBackoff: request.forceDirectDial, nowMs: this.#init.clock.wallMs() })
    this.#forgetFailed()
    this.#dials.set(dial.key, dial)
    this.#queue.updateOrAdd({ addr, delayMs })
  }

  // Whose callers never end must not remember for ever: the back-off remembers too.
  #forgetFailed (): void {
    if (this.#dials.size < MAX_TRACKED_ADDRS) return
    for (const [key, { state }] of this.#dials) if (state === 'failed') this.#dials.delete(key)
  }

  // Starts what is due; with nothing under way the next is due at once.
  #advance (): void {
    this.#setTimer()
    for (let nextMs = this.#queue.nextDelayMs; nextMs !== undefined; nextMs = this.#queue.nextDelayMs) {
      const atMs = Math.max(this.#startMs + nextMs, ...[...this.#dials.values()].map(({ upgradeUntilMs }) => upgradeUntilMs))
      const waitMs = this.#underWay === 0 && !this.#connected ? 0 : atMs - this.#init.clock.monotonicMs()
      if (waitMs > 0) {
        this.#setTimer(waitMs)
        return
      }
      for (const { addr } of this.#queue.nextBatch()) this.#start(this.#dials.get(addr.toString()))
    }
  }

  #setTimer (waitMs?: number): void {
    this.#timer?.[Symbol.dispose]()
    this.#timer = waitMs === undefined ? undefined : this.#init.clock.setTimeout(() => { this.#advance() }, waitMs)
  }

  #start (dial: TrackedDial | undefined): void {
    if (dial === undefined || this.#abort.signal.aborted) return
    const { peer, clock, limiter, backoff } = this.#init
    const backoffMs = dial.ignoresBackoff ? 0 : backoff.waitMs(peer, dial.addr)
    if (backoffMs > 0) {
      this.#dials.delete(dial.key) // whoever asks later may try
      this.#fail(dial, new DialBackoffError(clock.wallMs() + backoffMs))
      return
    }
    this.#underWay++
    this.#setState(dial, 'waiting')
    dial.ticket = limiter.add({ peer: peer.toString(), usesFd: usesFd(dial.addr), priority: this.priority, run: () => { void this.#run(dial) } })
  }

  async #run (dial: TrackedDial): Promise<void> {
    if (this.#abort.signal.aborted) return // it got the place of one that was ended a moment before it
    const { clock, dialAddr, establish } = this.#init
    this.#setState(dial, 'dialling')
    try {
      const conn = await dialAddr(dial.addr, {
        signal: dial.abort.signal,
        isClient: dial.isClient,
        onCharged: () => { dial.charged = true },
        onSocket: () => {
          const kind = new AddrKind(dial.addr)
          if ((kind.transport !== 'tcp' && kind.transport !== 'websocket') || !kind.isPublic) return
          dial.upgradeUntilMs = clock.monotonicMs() + DIAL_RANKER_DEFAULTS.publicStepMs
          this.#advance()
        }
      })
      if (dial.abort.signal.aborted) conn.abort(new ConnClosedError({ remote: false }))
      else establish(conn)
      this.#settle(dial)
      this.#succeed(dial, conn)
    } catch (cause) {
      const wasCharged = dial.charged
      this.#settle(dial)
      if (this.#abort.signal.aborted) return
      if (isOwnLimit(cause) && !wasCharged && this.#someCharged()) this.#setState(dial, 'parked')
      else this.#attempted(dial, cause, wasCharged)
    }
  }

  #settle (dial: TrackedDial): void {
    this.#underWay--
    dial.charged = false
    dial.upgradeUntilMs = 0
    dial.ticket?.[Symbol.dispose]()
    dial.ticket = undefined
  }

  #succeed (dial: TrackedDial, conn: SwarmConn): void {
    this.#setState(dial, 'connected')
    dial.conn = conn
    this.#connected = true
    for (const request of [...this.#requests]) if (request.addrs.has(dial.key)) request.resolve(conn)
    this.#unpark()
  }

  #attempted (dial: TrackedDial, cause: unknown, wasCharged: boolean): void {
    // What we refused ourselves says nothing of the address.
    if (!this.#connected && !isOwnDoing(cause)) this.#init.backoff.add(this.#init.peer, dial.addr)
    this.#fail(dial, cause)
    if (wasCharged) this.#unpark()
    this.#advance()
  }

  #fail (dial: TrackedDial, cause: unknown): void {
    this.#setState(dial, 'failed')
    dial.cause = cause
    for (const request of [...this.#requests]) this.#failFor(request, dial.key, cause)
  }

  // The last look, when nothing is left to wait for: the remote may have dialled us meanwhile.
  #failFor (request: DialRequest, key: string, cause: unknown): void {
    if (!request.failed(key, cause)) return
    const conn = this.#init.openConn({ forceDirectDial: request.forceDirectDial })
    if (conn === undefined) request.fail(undefined)
    else request.resolve(conn)
  }

  #someCharged (): boolean {
    for (const { charged } of this.#dials.values()) if (charged) return true
    return false
  }

  // What one of ours held is free again.
  #unpark (): void {
    for (const dial of [...this.#dials.values()]) if (dial.state === 'parked') this.#start(dial)
  }

  #setState (dial: TrackedDial, state: TrackedDial['state']): void {
    dial.state = state
    dial.sinceMs = this.#init.clock.wallMs()
  }

  #end (cause: unknown): void {
    const reason = cause ?? new ConnClosedError({ remote: false, cause: 'another address answered first' })
    this.#abort.abort(reason)
    this.#setTimer()
    this.#queue.clear()
    for (const { abort, ticket } of this.#dials.values()) {
      abort.abort(reason)
      ticket?.[Symbol.dispose]()
    }
    this.#init.onEnd()
  }
}
