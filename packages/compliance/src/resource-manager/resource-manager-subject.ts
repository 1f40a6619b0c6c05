import type { ResourceManager, ScopeId } from '@weir/network'

/** Limits of one kind of scope. What is not given has no limit. */
export interface ScopeLimit {
  readonly conns?: number | undefined
  readonly connsInbound?: number | undefined
  readonly connsOutbound?: number | undefined
  readonly streams?: number | undefined
  readonly streamsInbound?: number | undefined
  readonly streamsOutbound?: number | undefined
  readonly fds?: number | undefined
  readonly memoryBytes?: number | undefined
}

/** The kinds of scope that have limits, named as `ScopeId` names them: `peer` stands for each peer, and so on. */
export type LimitedScope = Extract<ScopeId['kind'], 'system' | 'transient' | 'service' | 'service-peer' | 'protocol' | 'protocol-peer' | 'peer' | 'connection' | 'stream'>

export type ScopeLimits = { readonly [K in LimitedScope]?: ScopeLimit }

/** What the suite of resource managers is run on. */
export interface ResourceManagerSubject {
  /**
   * Makes a manager with these limits and no other: nothing else refuses, no rate and no subnet. The case closes it.
   *
   * A manager that enforces nothing may take no notice of the limits.
   */
  create (limits: ScopeLimits): ResourceManager | Promise<ResourceManager>
}
