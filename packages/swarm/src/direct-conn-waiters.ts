import { LimitedConnError, type PeerRef } from '@weir/network'
import { isTimeout } from './is-timeout.ts'

/**
 * Those who need a connection that is not limited, while there is only one through a relay: hole punching or the remote's own
 * dial may bring one soon.
 *
 * @see reference/go-libp2p.md 5.7, "Swarm.NewStream"
 */
export class DirectConnWaiters {
  readonly #waiting = new Map<string, Set<() => void>>()

  /** Peers that somebody waits for. */
  get size (): number {
    return this.#waiting.size
  }

  /**
   * Waits for `arrived`, until the signal is aborted.
   *
   * @throws {LimitedConnError} with the signal's reason as its cause, where that says that time is up
   * @throws the signal's reason
   */
  async wait (peer: PeerRef, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const key = peer.toString()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const onAbort = (): void => { reject(isTimeout(signal.reason) ? new LimitedConnError(peer, { cause: signal.reason }) : signal.reason) }
    const waiting = this.#waiting.get(key) ?? new Set()
    this.#waiting.set(key, waiting.add(resolve))
    signal.addEventListener('abort', onAbort)
    try {
      await promise
    } finally {
      signal.removeEventListener('abort', onAbort)
      waiting.delete(resolve)
      if (waiting.size === 0 && this.#waiting.get(key) === waiting) this.#waiting.delete(key)
    }
  }

  /** The peer has a connection that is not limited. */
  arrived (peer: PeerRef): void {
    const waiting = this.#waiting.get(peer.toString())
    this.#waiting.delete(peer.toString())
    for (const resolve of waiting ?? []) resolve()
  }
}
