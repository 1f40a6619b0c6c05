import { type Clock, DIAL_PEER_TIMEOUT_MS, type DialPeerOptions } from '@weir/network'
import { SwarmTimeoutError } from './errors.ts'
import type { SwarmConn } from './swarm-conn.ts'

/**
 * One dial with several callers. Each leaves by its own signal or timeout; when the last has left, the dial is aborted.
 *
 * @see reference/go-libp2p.md 5.2, "dialSync"
 */
export class SharedDial {
  readonly #clock: Clock
  readonly #abort = new AbortController()
  readonly #result: Promise<SwarmConn>
  #callers = 0

  constructor (clock: Clock, dial: (signal: AbortSignal) => Promise<SwarmConn>) {
    this.#clock = clock
    this.#result = dial(this.#abort.signal)
    this.#result.catch(() => {}) // each caller gets it; there may be none left
  }

  /** Whether it was given up: nobody may join it any more. */
  get aborted (): boolean {
    return this.#abort.signal.aborted
  }

  /** Settles with the dial, however it ends. */
  async ended (): Promise<void> {
    await this.#result.catch(() => {})
  }

  abort (cause: Error): void {
    this.#abort.abort(cause)
  }

  /**
   * Waits for the connection.
   *
   * @throws the reason of the caller's signal
   * @throws {SwarmTimeoutError} after the caller's own timeout when others still wait; else the `DialError` with that as its cause
   */
  async join ({ signal, dialPeerTimeoutMs = DIAL_PEER_TIMEOUT_MS }: DialPeerOptions): Promise<SwarmConn> {
    signal?.throwIfAborted()
    const { promise: left, reject } = Promise.withResolvers<never>()
    let waits = true
    this.#callers++
    const leave = (reason: Error): boolean => {
      if (!waits) return false
      waits = false
      if (--this.#callers === 0) this.#abort.abort(reason)
      return this.#callers > 0
    }
    // The last one whose time is up waits for the dial's own end, which lists the cause of every address.
    using _timer = this.#clock.setTimeout(() => {
      const timeout = new SwarmTimeoutError('dialPeer', dialPeerTimeoutMs)
      if (leave(timeout)) reject(timeout)
    }, dialPeerTimeoutMs)
    const onAbort = (): void => {
      reject(signal?.reason)
      leave(signal?.reason)
    }
    signal?.addEventListener('abort', onAbort)
    try {
      return await Promise.race([this.#result, left])
    } finally {
      if (waits) this.#callers--
      signal?.removeEventListener('abort', onAbort)
    }
  }
}
