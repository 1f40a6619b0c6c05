import type { Multiaddr } from '@multiformats/multiaddr'
import { type Clock, DIAL_PEER_TIMEOUT_MS, type DialPeerOptions, DialPriority, type PeerRef } from '@weir/network'
import type { AddrFailure } from './addr-failure.ts'
import { DialError } from './dial-errors.ts'
import { SwarmTimeoutError } from './errors.ts'
import { isTimeout } from './is-timeout.ts'
import type { SwarmConn } from './swarm-conn.ts'

/** Whom a caller tells. */
export interface DialRequestOwner {
  /** He no longer waits; `cause` is why, without one he has his connection. */
  onLeave (request: DialRequest, cause?: unknown): void
  /** What there is to say of an address that has not answered when he gives up. */
  openCause (addr: string, cause: unknown): unknown
}

/**
 * One caller of a dial: what he asked for, which addresses he waits for, and what became of the others.
 *
 * He leaves by his signal, by his timeout, or with the result, and only once.
 */
export class DialRequest {
  readonly result: Promise<SwarmConn>
  readonly forceDirectDial: boolean
  readonly simultaneousConnect: DialPeerOptions['simultaneousConnect'] | undefined
  readonly priority: DialPriority
  /** Those that may still answer. */
  readonly addrs: Map<string, Multiaddr> = new Map()
  readonly #peer: PeerRef
  readonly #owner: DialRequestOwner
  readonly #failures: AddrFailure[] = []
  readonly #settlers: PromiseWithResolvers<SwarmConn> = Promise.withResolvers()
  readonly #left = new DisposableStack()

  constructor (peer: PeerRef, options: DialPeerOptions, clock: Clock, owner: DialRequestOwner) {
    const { signal, dialPeerTimeoutMs = DIAL_PEER_TIMEOUT_MS } = options
    this.#peer = peer
    this.#owner = owner
    this.result = this.#settlers.promise
    this.forceDirectDial = options.forceDirectDial !== undefined
    this.simultaneousConnect = options.simultaneousConnect
    this.priority = options.priority ?? DialPriority.user
    this.#left.use(clock.setTimeout(() => { this.giveUp(new SwarmTimeoutError('dialPeer', dialPeerTimeoutMs)) }, dialPeerTimeoutMs))
    const onAbort = (): void => { this.giveUp(signal?.reason, isTimeout(signal?.reason) ? undefined : signal?.reason) }
    signal?.addEventListener('abort', onAbort)
    this.#left.defer(() => { signal?.removeEventListener('abort', onAbort) })
  }

  get waits (): boolean {
    return !this.#left.disposed
  }

  resolve (conn: SwarmConn): void {
    this.#settlers.resolve(conn)
    this.#leave()
  }

  /** Ends it with what is known of its addresses. @param error - what he gets in place of the `DialError` */
  fail (cause: unknown, error: unknown = new DialError(this.#peer, this.#failures, { cause })): void {
    this.#settlers.reject(error)
    this.#leave(cause)
  }

  /** `fail` before all of his addresses have had their turn: those that have not answered are listed too. */
  giveUp (cause: unknown, error?: unknown): void {
    for (const [key, addr] of this.addrs) this.#failures.push({ addr, cause: this.#owner.openCause(key, cause) })
    this.fail(cause, error)
  }

  addFailures (failures: readonly AddrFailure[]): void {
    this.#failures.push(...failures)
  }

  /** @returns whether he waited for it, and now waits for nothing any more */
  failed (key: string, cause: unknown): boolean {
    const addr = this.addrs.get(key)
    if (addr === undefined) return false
    this.addrs.delete(key)
    this.#failures.push({ addr, cause })
    return this.addrs.size === 0
  }

  #leave (cause?: unknown): void {
    if (this.#left.disposed) return
    this.#left.dispose()
    this.#owner.onLeave(this, cause)
  }
}
