import type { ScopeId } from '@weir/network'
import { Counter, type CounterOwner } from './counter.ts'
import type { Collectable, IdleScopes } from './idle-scopes.ts'
import type { Limit } from './limit.ts'

/**
 * What one peer uses of a protocol or of a service: a count with a limit, and no scope that anybody could reserve in.
 * Nothing is above it.
 */
export abstract class PeerCounter implements CounterOwner, Collectable {
  readonly counter: Counter
  isListed = false
  readonly #idle: IdleScopes

  constructor (limit: Limit, idle: IdleScopes) {
    this.counter = new Counter(this, limit)
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

  abstract collect (): void
}
