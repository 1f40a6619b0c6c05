import type { PeerRef, ScopeId } from '@weir/network'
import { Counter } from './counter.ts'
import type { Collectable } from './idle-scopes.ts'
import type { Limit } from './limit.ts'
import type { CountWithin } from './peer-counters.ts'
import type { PeerScope } from './peer-scope.ts'

/** The scope of a protocol or of a service, as far as it matters here. */
export interface CountedByPeer {
  /** The name of what one peer uses of it. */
  idOfPeer (peer: PeerRef): ScopeId
}

/**
 * What one peer uses of a protocol or of a service: a count with a limit, and no scope that anybody could reserve in.
 * Nothing is above it.
 */
export class PeerCounter extends Counter implements Collectable, CountWithin {
  readonly within: CountedByPeer
  next: CountWithin | undefined = undefined
  isListed = false
  readonly #peer: PeerScope

  /** @param peer - whose: it puts itself in its table and, when it is collected, takes itself out */
  constructor (within: CountedByPeer, peer: PeerScope, limit: Limit) {
    super(limit)
    this.within = within
    this.#peer = peer
    peer.counters.add(this)
    peer.books.idle.list(this)
  }

  override get id (): ScopeId {
    return this.within.idOfPeer(this.#peer.peer)
  }

  get isUnused (): boolean {
    return this.isZero
  }

  get isRecovering (): boolean {
    return false
  }

  override onZero (): void {
    this.#peer.books.idle.list(this)
  }

  collect (): void {
    this.#peer.counters.remove(this)
  }
}
