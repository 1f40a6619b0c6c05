import type { Multiaddr } from '@multiformats/multiaddr'
import { type Clock, type DialRanker, type PeerRef, ResourceLimitExceededError } from '@weir/network'
import { MAX_DIAL_FAILURES } from './defaults.ts'
import { type AddrFailure, DialError } from './errors.ts'
import type { SwarmConn } from './swarm-conn.ts'

export interface DialAddrsInit {
  readonly peer: PeerRef
  readonly addrs: readonly Multiaddr[]
  /** Addresses that were left out before, and why. */
  readonly refused: readonly AddrFailure[]
  readonly ranker: DialRanker
  readonly clock: Clock
  readonly maxParallel: number
  readonly signal: AbortSignal
  /** Dials one address. Must end soon once its signal is aborted. */
  dial (addr: Multiaddr, signal: AbortSignal): Promise<SwarmConn>
  /** Takes the connection in, or throws and ends it: the address has failed then. */
  establish (conn: SwarmConn): void
}

/**
 * Dials the addresses of a peer by their rank until one answers: each at its delay, or as soon as nothing else is under
 * way. The first connection wins; the other dials are aborted.
 *
 * An address that our own limits refuse while others are under way is not lost: these may be what has used them up, so it waits until one
 * of them has ended, and no more are tried at a time from then on.
 *
 * @throws {DialError} with the cause of every address
 */
export async function dialAddrs (init: DialAddrsInit): Promise<SwarmConn> {
  const { peer, clock, signal } = init
  const queue = init.ranker(init.addrs).sort((a, b) => a.delayMs - b.delayMs)
  const failures: AddrFailure[] = [...init.refused]
  const startMs = clock.monotonicMs()
  const losers = new AbortController()
  const { promise, resolve, reject } = Promise.withResolvers<SwarmConn>()
  const inFlight = new Set<Multiaddr>()
  let over = false
  let maxParallel = init.maxParallel
  let timer: Disposable | undefined

  const settle = (): boolean => {
    if (over) return false
    over = true
    timer?.[Symbol.dispose]()
    signal.removeEventListener('abort', onAbort)
    return true
  }
  const fail = (cause?: unknown): void => {
    if (!settle()) return
    losers.abort(cause)
    for (const addr of inFlight) failures.push({ addr, cause })
    for (const { addr } of queue) failures.push({ addr, cause: 'not tried yet' })
    const listed = failures.slice(0, MAX_DIAL_FAILURES)
    reject(new DialError(peer, listed, { skipped: failures.length - listed.length, cause }))
  }
  const onAbort = (): void => { fail(signal.reason) }

  const attempt = async (addr: Multiaddr): Promise<void> => {
    inFlight.add(addr)
    try {
      const conn = await init.dial(addr, losers.signal)
      if (over) {
        conn.abort(answeredFirst(peer))
        return
      }
      init.establish(conn)
      settle()
      resolve(conn)
      losers.abort(answeredFirst(peer))
    } catch (cause) {
      if (inFlight.size > 1 && isFull(cause)) {
        maxParallel = Math.min(maxParallel, inFlight.size - 1)
        queue.unshift({ addr, delayMs: 0 })
      } else failures.push({ addr, cause })
    } finally {
      inFlight.delete(addr)
      next()
    }
  }

  const next = (): void => {
    timer?.[Symbol.dispose]()
    timer = undefined
    while (!over && inFlight.size < maxParallel) {
      const [head] = queue
      if (head === undefined) {
        if (inFlight.size === 0) fail()
        return
      }
      const waitMs = startMs + head.delayMs - clock.monotonicMs()
      if (inFlight.size > 0 && waitMs > 0) {
        timer = clock.setTimeout(next, waitMs)
        return
      }
      queue.shift()
      void attempt(head.addr)
    }
  }

  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort)
  next()
  return await promise
}

/** Whether there was no room for one more connection here. */
function isFull (cause: unknown): boolean {
  return ResourceLimitExceededError.is(cause) && cause.where === 'local' && (cause.resource === 'connection' || cause.resource === 'fd')
}

function answeredFirst (peer: PeerRef): Error {
  return new DialError(peer, [], { cause: 'another address answered first' })
}
