import type { ScopeId } from '@weir/network'
import { Counter } from './counter.ts'
import type { Limit } from './limit.ts'
import type { PeerUse } from './peer-use.ts'

/** Whose count it is: asked for its name when a refusal is to be explained, told when nothing is left. */
export interface CounterOwner {
  readonly id: ScopeId
  /** The count went to zero. */
  onZero (): void
}

/** What a scope that can be reserved in has in use. */
export class ScopeCounter extends Counter {
  readonly #owner: CounterOwner

  /** @param use - follows it */
  constructor (owner: CounterOwner, limit: Limit, use?: PeerUse) {
    super(limit, use)
    this.#owner = owner
  }

  override get id (): ScopeId {
    return this.#owner.id
  }

  override onZero (): void {
    this.#owner.onZero()
  }
}
