import type { Multiaddr } from '@multiformats/multiaddr'
import { type Clock, DIAL_PEER_TIMEOUT_MS, type DialPeerOptions, DialPriority, type PeerRef } from '@weir/network'
import type { AddrFailure } from './addr-failure.ts'
import { DialError } from './dial-errors.ts'
import { SwarmTimeoutError } from './errors.ts'
import type { SwarmConn } from './swarm-conn.ts'

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
  readonly #failures: AddrFailure[] = []
  readonly #settlers: PromiseWithResolvers<SwarmConn> = Promise.withResolvers()
  readonly #left = new DisposableStack()

  /**
   * @param onLeave - he no longer waits; `cause` is why, without one he has his connection
   * @param openCause - what there is to say of an address that has not answered when he gives up
   */
  constructor (peer: PeerRef, options: DialPeerOptions, clock: Clock, { onLeave, openCause }: { onLeave (request: DialRequest, cause?: unknown): void, openCause (addr: string, cause: unknown): unknown }) {
    const { signal, dialPeerTimeoutMs = DIAL_PEER_TIMEOUT_MS } = options
    this.#peer = peer
    this.result = this.#settlers.promise
    this.forceDirectDial = options.forceDirectDial !== undefined
    this.simultaneousConnect = options.simultaneousConnect
    this.priority = options.priority ?? DialPriority.user
    const giveUp = (cause: unknown): void => {
      for (const [key, addr] of this.addrs) this.#failures.push({ addr, cause: openCause(key, cause) })
      this.fail(cause, isTimeout(cause) ? undefined : cause)
    }
    this.#left.use(clock.setTimeout(() => { giveUp(new SwarmTimeoutError('dialPeer', dialPeerTimeoutMs)) }, dialPeerTimeoutMs))
    const onAbort = (): void => { giveUp(signal?.reason) }
    signal?.addEventListener('abort', onAbort)
    this.#left.defer(() => { signal?.removeEventListener('abort', onAbort) })
    this.#onLeave = onLeave
  }

  readonly #onLeave: (request: DialRequest, cause?: unknown) => void

  get waits (): boolean {
    return !this.#left.disposed
  }

  resolve (conn: SwarmConn): void {
    this.#settlers.resolve(conn)
    this.#leave()
  }

  /** Ends it with everything that is known of its addresses. @param error - what he gets in place of the `DialError` */
  fail (cause: unknown, error: unknown = new DialError(this.#peer, this.#failures, { cause })): void {
    this.#settlers.reject(error)
    this.#leave(cause)
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
    this.#onLeave(this, cause)
  }
}

/** Who ran out of time wants to know of every address; who changed his mind wants his reason back. */
function isTimeout (reason: unknown): boolean {
  return SwarmTimeoutError.is(reason) || (reason instanceof Error && reason.name === 'TimeoutError')
}
