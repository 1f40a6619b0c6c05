import type { ScopeId } from '@weir/network'
import { Counter, type CounterOwner } from './counter.ts'
import type { Collectable, IdleScopes } from './idle-scopes.ts'
import type { Limit } from './limit.ts'
import type { CountWithin, PeerCounters } from './peer-counters.ts'

/**
 * What one peer uses of a protocol or of a service: a count with a limit, and no scope that anybody could reserve in.
 * Nothing is above it.
 */
export abstract class PeerCounter implements CounterOwner, Collectable, CountWithin {
  readonly within: object
  readonly counter: Counter
  isListed = false
  readonly #table: PeerCounters
  readonly #idle: IdleScopes

  /**
   * @param within - the scope of the protocol or of the service
   * @param table - the peer's: it puts itself in and, when it is collected, takes itself out
   */
  constructor (within: object, table: PeerCounters, limit: Limit, idle: IdleScopes) {
    this.within = within
    this.counter = new Counter(this, limit)
    this.#table = table
    table.add(this)
    this.#idle = idle
    idle.list(this)
  }

  abstract get id (): ScopeId

  get isUnused (): boolean {
    return this.counter.isZero
  }

  get isRecovering (): boolean {
    return false
  }

  onZero (): void {
    this.#idle.list(this)
  }

  collect (): void {
    this.#table.remove(this)
  }
}
