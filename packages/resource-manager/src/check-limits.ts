import { LimitConfigError } from './errors.ts'
import { LIMIT_FIELDS, scopeKey } from './limit-fields.ts'
import { KEYED_SCOPES, keyedPath, SINGLE_SCOPES } from './limit-set.ts'
import { checkLimitValue } from './limit-value.ts'
import type { PartialLimit, PartialLimitByName, PartialLimits } from './partial-limits.ts'

const FIELD_KEYS: readonly string[] = Object.freeze(LIMIT_FIELDS.map(field => field.key))
const SCOPE_KEYS: readonly string[] = Object.freeze([...SINGLE_SCOPES, ...KEYED_SCOPES].map(scope => scopeKey(scope)))

/**
 * Checks a written configuration of limits, wherever it comes from, and gives it in its one proper form: frozen, without
 * what is `default`, every number a number as far as a number can be exact.
 *
 * @throws {LimitConfigError} at the first thing that is wrong, with its path
 */
export function checkLimits (limits: unknown): PartialLimits {
  const given = plainObject(limits, '')
  for (const key of Object.keys(given)) {
    if (!SCOPE_KEYS.includes(key)) throw strayKey('', key, SCOPE_KEYS, FIELD_KEYS, 'a limit stands in a scope, such as "System"')
  }
  const keyed = KEYED_SCOPES.map(scope => [scopeKey(scope), checkByName(given[scopeKey(scope)], scopeKey(scope))] as const)
  const single = SINGLE_SCOPES.map(scope => [scopeKey(scope), checkOne(given[scopeKey(scope)], scopeKey(scope))] as const)
  return Object.freeze(Object.fromEntries([...keyed, ...single].filter(([, value]) => Object.keys(value).length > 0)))
}

function checkByName (value: unknown, path: string): PartialLimitByName {
  if (value === undefined) return {}
  const entries = Object.entries(plainObject(value, path)).map(([name, limit]) => {
    if (FIELD_KEYS.includes(name) && (typeof limit !== 'object' || limit === null)) {
      throw new LimitConfigError(`${path}.${name}`, 'misplaced-key', `"${path}" holds limits by name; for all of them use "${path}Default"`)
    }
    const at = keyedPath(path, name)
    if (path === 'Peer') checkPeerName(name, at)
    return [name, checkOne(limit ?? null, at)]
  })
  return Object.freeze(Object.fromEntries(entries))
}

function checkOne (value: unknown, path: string): PartialLimit {
  if (value === undefined) return {}
  const given = plainObject(value, path)
  for (const key of Object.keys(given)) {
    if (!FIELD_KEYS.includes(key)) throw strayKey(path, key, FIELD_KEYS, SCOPE_KEYS, 'a scope stands at the top, not in another scope')
  }
  const entries = FIELD_KEYS.filter(key => given[key] !== undefined).map(key => [key, checkLimitValue(given[key], `${path}.${key}`)])
  return Object.freeze(Object.fromEntries(entries.filter(([, limit]) => limit !== 'default')))
}

// A peer is looked up by its text: another spelling of the same id would never be found, and the limit never be applied.
function checkPeerName (name: string, path: string): void {
  if (name === '') throw new LimitConfigError(path, 'unknown-key', 'a peer id must not be empty')
  if (/^(bafz[a-z2-7]+|k[a-z0-9]{40,}|z[A-Za-z0-9]{40,})$/.test(name)) {
    throw new LimitConfigError(path, 'unknown-key', 'is a peer id written as a CID: write it in base58, such as 12D3Koo... or Qm...')
  }
}

function plainObject (value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    // A Map or an instance of a class would show no keys, and count as empty.
    const proto: unknown = Object.getPrototypeOf(value)
    if (proto === null || Object.getPrototypeOf(proto) === null) return value as Record<string, unknown>
  }
  const got = value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an instance of a class' : typeof value
  throw new LimitConfigError(path, 'wrong-type', `must be an object, got ${got}`)
}

function strayKey (path: string, key: string, known: readonly string[], elsewhere: readonly string[], where: string): LimitConfigError {
  const at = path === '' ? key : `${path}.${key}`
  if (elsewhere.includes(key)) return new LimitConfigError(at, 'misplaced-key', where)
  const meant = known.find(candidate => candidate.toLowerCase() === key.toLowerCase())
  return new LimitConfigError(at, 'unknown-key', meant === undefined ? `is not known: known are ${known.join(', ')}` : `is not known: write "${meant}"`)
}
