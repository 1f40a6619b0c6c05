import type { Clock } from '@weir/network'
import { RESOURCE_MANAGER_DEFAULTS } from './defaults.ts'

/** Something that is kept while it is used, and for a while longer. */
export interface Collectable {
  readonly isUnused: boolean
  /** Whether it still knows of something that whoever comes back must not get rid of: a rate that is used up. */
  readonly isRecovering: boolean
  /** Whether it is in the list of those to be looked at. */
  isListed: boolean
  /** Ends it and takes it out of its table. */
  collect (): void
}

/**
 * Collects the scopes that nobody uses any more: of peers, protocols, services, and of peers in these.
 *
 * A scope is listed when it is made and when its count goes to zero, and a sweep looks at the listed ones only: its cost
 * does not grow with the number of scopes in use. It runs `idleScopeTtlMs` after the first was listed, and when the list is full.
 * In time, those that are recovering stay for the next one; when the list is full none do, for it must be bounded.
 *
 * @see reference/go-libp2p.md 2.5
 */
export class IdleScopes {
  readonly #clock: Clock
  readonly #maxListed: number
  #listed: Collectable[] = []
  #timer: Disposable | undefined
  #closed = false

  constructor (clock: Clock, maxListed: number) {
    this.#clock = clock
    this.#maxListed = maxListed
  }

  list (scope: Collectable): void {
    if (scope.isListed) return
    scope.isListed = true
    this.#listed.push(scope)
    if (this.#timer === undefined && !this.#closed) this.#timer = this.#clock.setTimeout(() => { this.#sweep(true) }, RESOURCE_MANAGER_DEFAULTS.idleScopeTtlMs)
  }

  /** Keeps the list bounded. Called between operations only: in the middle of one a scope may be there and not yet charged. */
  sweepWhenFull (): void {
    if (this.#listed.length >= this.#maxListed) this.#sweep(false)
  }

  /** No timer any more: what goes idle from now on is collected when the list is full. */
  close (): void {
    this.#closed = true
    this.#sweep(false)
  }

  #sweep (sparing: boolean): void {
    this.#timer?.[Symbol.dispose]()
    this.#timer = undefined
    const listed = this.#listed
    this.#listed = []
    for (const scope of listed) {
      scope.isListed = false
      if (!scope.isUnused) continue
      if (sparing && scope.isRecovering) this.list(scope)
      else scope.collect()
    }
  }
}
