import { baseLimit } from './base-limit.ts'
import { checkLimits } from './check-limits.ts'
import type { ConcreteLimits } from './concrete-limits.ts'
import type { Limit } from './limit.ts'
import { LIMIT_FIELDS, scopeKey } from './limit-fields.ts'
import { DEFAULT_OF, KEYED_SCOPES, SINGLE_SCOPES, type SingleScope } from './limit-set.ts'
import { limitOfValue, valueOfLimit } from './limit-value.ts'
import type { PartialLimit, PartialLimitByName, PartialLimits } from './partial-limits.ts'

/**
 * Fills in what a written configuration leaves open.
 *
 * A name's open fields are those of the same name in `defaults`, or else those of the default that was built for its kind.
 * Names that only `defaults` has are kept. A limit with getters in `defaults` is taken over as it is where nothing is
 * written for its scope, and otherwise read now.
 *
 * @throws {LimitConfigError} as `checkLimits`
 */
export function buildLimits (partial: PartialLimits, defaults: ConcreteLimits): ConcreteLimits {
  const written = checkLimits(partial)
  const single = Object.fromEntries(SINGLE_SCOPES.map(scope => [scope, buildLimit(written[scopeKey(scope)], defaults[scope])])) as Record<SingleScope, Limit>
  const keyed = KEYED_SCOPES.map(scope => [scope, buildByName(written[scopeKey(scope)], defaults[scope], single[DEFAULT_OF[scope]])])
  return Object.freeze({ ...single, ...Object.fromEntries(keyed) }) as ConcreteLimits
}

/** Writes limits down with nothing left open, so that they build to the same over any defaults. */
export function toPartialLimits (limits: ConcreteLimits): PartialLimits {
  const keyed = KEYED_SCOPES.map(scope => [scopeKey(scope), Object.fromEntries(Array.from(limits[scope], ([name, limit]) => [name, toPartialLimit(limit)]))])
  const single = SINGLE_SCOPES.map(scope => [scopeKey(scope), toPartialLimit(limits[scope])])
  return checkLimits(Object.fromEntries([...keyed, ...single]))
}

function buildLimit (written: PartialLimit | undefined, byDefault: Limit): Limit {
  if (written === undefined) return byDefault
  return baseLimit(Object.fromEntries(LIMIT_FIELDS.map(({ key, name }) => [name, limitOfValue(written[key], byDefault[name])])))
}

function buildByName (written: PartialLimitByName = {}, byName: ReadonlyMap<string, Limit>, byDefault: Limit): ReadonlyMap<string, Limit> {
  return new Map([...byName, ...Object.entries(written).map(([name, limit]) => [name, buildLimit(limit, byName.get(name) ?? byDefault)] as const)])
}

function toPartialLimit (limit: Limit): PartialLimit {
  return Object.fromEntries(LIMIT_FIELDS.map(({ key, name }) => [key, valueOfLimit(limit[name])]))
}
