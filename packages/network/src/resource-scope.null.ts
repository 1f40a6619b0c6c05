import { ResourceScopeClosedError } from './errors.ts'
import type { ResourceScope, ResourceScopeSpan } from './resource-scope.ts'
import type { ScopeId } from './scope-id.ts'
import { type ScopeStat, ZERO_SCOPE_STAT } from './scope-stat.ts'

/**
 * A span that counts nothing. It knows only whether it has ended, so that using it after its end is found with the
 * Nulls already and not first with a manager that counts.
 */
export class NullSpan implements ResourceScopeSpan {
  readonly #id: ScopeId
  #ended = false

  constructor (id: ScopeId) {
    this.#id = id
  }

  reserveMemory (_bytes: number, _priority: number): void {
    this.assertOpen()
  }

  releaseMemory (_bytes: number): void {}

  stat (): ScopeStat {
    return ZERO_SCOPE_STAT
  }

  beginSpan (): ResourceScopeSpan {
    this.assertOpen()
    return new NullSpan({ kind: 'span', owner: this.#id, id: 0 })
  }

  done (): void {
    this.#ended = true
  }

  [Symbol.dispose] (): void {
    this.done()
  }

  protected assertOpen (): void {
    if (this.#ended) throw new ResourceScopeClosedError(this.#id)
  }
}

/** Counts nothing, refuses nothing and has no end. */
export const nullScope: ResourceScope = Object.freeze({
  reserveMemory () {},
  releaseMemory () {},
  stat: () => ZERO_SCOPE_STAT,
  beginSpan: () => new NullSpan({ kind: 'span', owner: { kind: 'system' }, id: 0 })
})
