import type { PeerId } from '@libp2p/interface'
import { type DialPeerOptions, DialPriority } from '@weir/network'
import { DialQueueFullError } from './dial-errors.ts'
import type { DialSnapshot } from './dial-snapshot.ts'
import type { DialWorker } from './dial-worker.ts'
import type { SwarmConn } from './swarm-conn.ts'

export interface DialSyncInit {
  /** Peers that are dialled at the same time. */
  readonly maxDials: number
  createWorker (peer: PeerId, onEnd: () => void): DialWorker
}

/**
 * The dials under way: one worker for each peer, however many wait for it.
 *
 * When it is full, a `user` dial pushes out the youngest `background` dial that only waits; any other is refused.
 *
 * @see reference/go-libp2p.md 5.2, "dialSync"
 */
export class DialSync {
  readonly #init: DialSyncInit
  readonly #workers = new Map<string, DialWorker>()

  constructor (init: DialSyncInit) {
    this.#init = init
  }

  /**
   * Joins the dial of the peer, or starts it.
   *
   * @throws {DialError} with every address, also when the caller's time is up
   * @throws {DialQueueFullError} when too many peers are dialled
   * @throws the reason of the caller's signal
   */
  async dial (peer: PeerId, options: DialPeerOptions): Promise<SwarmConn> {
    options.signal?.throwIfAborted()
    const key = peer.toString()
    let worker = this.#workers.get(key)
    if (worker === undefined) {
      this.#makeRoom(options.priority ?? DialPriority.user)
      worker = this.#init.createWorker(peer, () => { this.#workers.delete(key) })
      this.#workers.set(key, worker)
    }
    return await worker.join(options)
  }

  /** Oldest first. */
  dials (): DialSnapshot[] {
    return [...this.#workers.values()].map(worker => worker.snapshot())
  }

  /** Ends all dials, and with them what is under way. */
  abort (reason: Error): void {
    for (const worker of [...this.#workers.values()]) worker.abort(reason, reason)
  }

  #makeRoom (priority: DialPriority): void {
    const { maxDials } = this.#init
    if (this.#workers.size < maxDials) return
    const full = new DialQueueFullError(maxDials)
    const isVictim = (worker: DialWorker): boolean => worker.priority === DialPriority.background && worker.isWaiting
    const victim = priority === DialPriority.user ? [...this.#workers.values()].findLast(isVictim) : undefined
    if (victim === undefined) throw full
    victim.abort(full)
  }
}
