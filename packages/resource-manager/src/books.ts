import { type Clock, type LocalRefusal, type LocalResourceLimitExceededError, ResourceLimitExceededError, type ResourceScope, type ScopeId } from '@weir/network'
import { IdleScopes } from './idle-scopes.ts'
import { type MisuseListener, MisuseReports } from './misuse.ts'
import type { Owner, ScopeRecord } from './owner.ts'
import { PeerUse } from './peer-use.ts'
import type { Pressure } from './pressure.ts'
import { RefusalCounts } from './refusal-counts.ts'
import { Tracer, type TraceSink } from './tracer.ts'

export interface BooksInit {
  readonly clock: Clock
  readonly pressure: Pressure
  readonly maxIdleScopes: number
  readonly onMisuse: MisuseListener
  readonly traceSink: TraceSink | undefined
}

/** What the scopes of one manager keep together, besides the counts: how peers share them, refusals, mistakes, traces, idle scopes, owners. */
export class Books {
  readonly clock: Clock
  readonly pressure: Pressure
  readonly peerUse: PeerUse = new PeerUse()
  readonly refusals: RefusalCounts = new RefusalCounts()
  readonly misuse: MisuseReports
  readonly idle: IdleScopes
  readonly trace: Tracer | undefined
  readonly #traceSink: TraceSink | undefined
  /** Who opens what nobody else opened; `undefined` when that is not written down. */
  rootOwner: Owner | undefined

  constructor ({ clock, pressure, maxIdleScopes, onMisuse, traceSink }: BooksInit) {
    this.clock = clock
    this.pressure = pressure
    this.misuse = new MisuseReports(onMisuse)
    this.idle = new IdleScopes(clock, maxIdleScopes)
    this.#traceSink = traceSink
    this.trace = traceSink && new Tracer(traceSink, clock)
  }

  get traceEventsDropped (): number {
    return this.#traceSink?.dropped ?? 0
  }

  /** Counts a refusal and makes the error of it, to be thrown. */
  refuse (refusal: LocalRefusal): LocalResourceLimitExceededError {
    this.refusals.count(refusal)
    this.trace?.refused(refusal)
    return new ResourceLimitExceededError(refusal)
  }

  /** Writes down a scope that was opened below `parent` or, without one, by `owner`; where neither is known, by the root owner. */
  track (scope: ResourceScope & { readonly id: ScopeId }, parent: ScopeRecord | undefined, owner: Owner | undefined = parent?.owner ?? this.rootOwner): ScopeRecord | undefined {
    return owner?.opened(scope, parent)
  }

  /** Ends what runs in the background. Scopes can be used as before. */
  async close (): Promise<void> {
    this.idle.close()
    await this.#traceSink?.close()
  }
}
