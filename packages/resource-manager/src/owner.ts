import type { Clock, ResourceScope, ScopeId, ScopeStat } from '@weir/network'
import type { MisuseReports } from './misuse.ts'

/** A scope that outlived what it belongs to. */
export interface Leak {
  readonly scope: ScopeId
  /**
   * - `owner-ended`: whoever opened it (`ownedBy`) has closed
   * - `scope-ended`: a span whose scope has ended
   * - `manager-closed`: still open although the manager was closed
   * - `not-ended`: nobody can end it any more: it was garbage-collected
   * - `no-connection`: charged to a peer without any connection
   */
  readonly reason: 'owner-ended' | 'scope-ended' | 'manager-closed' | 'not-ended' | 'no-connection'
  /** Who opened it, as `ownedBy` was told. */
  readonly label: string | undefined
  /** How long it has been open; `undefined` where that was not written down. */
  readonly openForMs: number | undefined
  /** What it holds; `undefined` where nobody can say any more. */
  readonly stat: ScopeStat | undefined
}

/** What is known of an open scope besides its counts. */
export interface ScopeRecord {
  readonly owner: Owner
  readonly isClosed: boolean
  /** The scope has ended. */
  close (): void
}

export interface OwnerInit {
  readonly label: string | undefined
  readonly clock: Clock
  /** The owners that have open scopes: it puts itself in and takes itself out. */
  readonly busy: Set<Owner>
  /** Told of scopes that are garbage-collected before they end; without it nobody is. */
  readonly misuse: MisuseReports | undefined
}

/**
 * Somebody who opens scopes, and those of them that are open. Costs an entry for each scope: made for components that ask
 * for it, and for all scopes in development only.
 */
export class Owner {
  readonly label: string | undefined
  readonly #clock: Clock
  readonly #busy: Set<Owner>
  readonly #open = new Set<Record>()
  readonly #finalizer: FinalizationRegistry<Record> | undefined
  hasEnded = false

  constructor ({ label, clock, busy, misuse }: OwnerInit) {
    this.label = label
    this.#clock = clock
    this.#busy = busy
    this.#finalizer = misuse && new FinalizationRegistry(record => {
      if (!record.isClosed) misuse.notEnded(record.id, label)
    })
  }

  /** Writes down a scope. Holds it weakly, so that forgetting to end it stays visible. */
  opened (scope: ResourceScope & { readonly id: ScopeId }, parent: ScopeRecord | undefined): ScopeRecord {
    const record = new Record(this, scope, parent, this.#clock.monotonicMs())
    this.#open.add(record)
    this.#busy.add(this)
    this.#finalizer?.register(scope, record, record)
    return record
  }

  forget (record: Record): void {
    this.#open.delete(record)
    if (this.#open.size === 0) this.#busy.delete(this)
    this.#finalizer?.unregister(record)
  }

  leaks (managerClosed: boolean): Leak[] {
    const nowMs = this.#clock.monotonicMs()
    return [...this.#open].flatMap(record => {
      const scope = record.scope.deref()
      const reason = scope === undefined ? 'not-ended' : record.parent?.isClosed === true ? 'scope-ended' : this.hasEnded ? 'owner-ended' : managerClosed ? 'manager-closed' : undefined
      return reason === undefined ? [] : [{ scope: record.id, reason, label: this.label, openForMs: nowMs - record.openedMs, stat: scope?.stat() }]
    })
  }
}

class Record implements ScopeRecord {
  readonly owner: Owner
  readonly id: ScopeId
  readonly scope: WeakRef<ResourceScope>
  readonly parent: ScopeRecord | undefined
  readonly openedMs: number
  isClosed = false

  constructor (owner: Owner, scope: ResourceScope & { readonly id: ScopeId }, parent: ScopeRecord | undefined, openedMs: number) {
    this.owner = owner
    this.id = scope.id
    this.scope = new WeakRef(scope)
    this.parent = parent
    this.openedMs = openedMs
  }

  close (): void {
    this.isClosed = true
    this.owner.forget(this)
  }
}
