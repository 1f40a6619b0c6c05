import { checkLimits } from './check-limits.ts'
import { scopeKey } from './limit-fields.ts'
import { DEFAULT_OF, KEYED_SCOPES, SINGLE_SCOPES } from './limit-set.ts'
import type { PartialLimit, PartialLimitByName, PartialLimits } from './partial-limits.ts'

/**
 * One written configuration over another: what `over` leaves open is taken from `under`.
 *
 * A name's open fields come from the same name of `under`, or else from the merged default of its kind.
 *
 * @throws {LimitConfigError} as `checkLimits`
 * @see reference/go-libp2p.md 2.6, "Apply"
 */
export function mergeLimits (over: PartialLimits, under: PartialLimits): PartialLimits {
  const [upper, lower] = [checkLimits(over), checkLimits(under)]
  const single = Object.fromEntries(SINGLE_SCOPES.map(scope => [scopeKey(scope), { ...lower[scopeKey(scope)], ...upper[scopeKey(scope)] }]))
  const keyed = KEYED_SCOPES.map(scope => {
    const key = scopeKey(scope)
    return [key, mergeByName(upper[key], lower[key], single[scopeKey(DEFAULT_OF[scope])])]
  })
  return checkLimits({ ...single, ...Object.fromEntries(keyed) })
}

function mergeByName (upper: PartialLimitByName = {}, lower: PartialLimitByName = {}, byDefault: PartialLimit = {}): PartialLimitByName {
  const under = new Map(Object.entries(lower)) // a name such as `constructor` is not looked up in an object
  const merged = Object.entries(upper).map(([name, limit]) => [name, { ...under.get(name) ?? byDefault, ...limit }] as const)
  return Object.fromEntries([...under, ...merged])
}
