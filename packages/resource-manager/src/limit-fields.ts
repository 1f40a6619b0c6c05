import type { Limit } from './limit.ts'
import type { KeyedScope, SingleScope } from './limit-set.ts'
import type { PartialLimit } from './partial-limits.ts'

export interface LimitField {
  /** In a written limit. */
  readonly key: keyof PartialLimit
  /** In a `Limit`. */
  readonly name: keyof Limit
}

/** The fields of a limit, in the order in which Go writes them. */
export const LIMIT_FIELDS: readonly LimitField[] = Object.freeze([
  { key: 'Streams', name: 'streams' },
  { key: 'StreamsInbound', name: 'streamsInbound' },
  { key: 'StreamsOutbound', name: 'streamsOutbound' },
  { key: 'Conns', name: 'conns' },
  { key: 'ConnsInbound', name: 'connsInbound' },
  { key: 'ConnsOutbound', name: 'connsOutbound' },
  { key: 'FD', name: 'fd' },
  { key: 'Memory', name: 'memoryBytes' }
])

/** What a scope is called in a written configuration: `allowlistedSystem` is `AllowlistedSystem`. */
export function scopeKey<S extends SingleScope | KeyedScope> (scope: S): Capitalize<S> {
  return `${scope.charAt(0).toUpperCase()}${scope.slice(1)}` as Capitalize<S>
}

/** What a limit of a scope is called there: `system` and `memoryBytes` is `System.Memory`. */
export function limitPath (scope: SingleScope, name: keyof Limit): string {
  return `${scopeKey(scope)}.${LIMIT_FIELDS.find(field => field.name === name)?.key ?? name}`
}
