import type { ScopeId } from '@weir/network'
import { Counter, type CounterOwner } from './counter.ts'
import type { Collectable } from './idle-scopes.ts'
import type { Limit } from './limit.ts'
import type { CountWithin } from './peer-counters.ts'
import type { PeerScope } from './peer-scope.ts'

/**
 * What one peer uses of a protocol or of a service: a count with a limit, and no scope that anybody could reserve in.
 * Nothing is above it.
 */
export abstract class PeerCounter<Within extends object> implements CounterOwner, Collectable, CountWithin {
  readonly within: Within
  readonly counter: Counter
  next: CountWithin | undefined = undefined
  readonly peer: PeerScope
  isListed = false

  /**
   * @param within - the scope of the protocol or of the service
   * @param peer - whose: it puts itself in its table and, when it is collected, takes itself out
   */
  constructor (within: Within, peer: PeerScope, limit: Limit) {
    this.within = within
    this.counter = new Counter(this, limit)
    this.peer = peer
    peer.counters.add(this)
    peer.books.idle.list(this)
  }

  abstract get id (): ScopeId

  get isUnused (): boolean {
    return this.counter.isZero
  }

  get isRecovering (): boolean {
    return false
  }

  onZero (): void {
    this.peer.books.idle.list(this)
  }

  collect (): void {
    this.peer.counters.remove(this)
  }
}
