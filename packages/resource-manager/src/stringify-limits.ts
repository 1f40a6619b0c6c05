import { checkLimits } from './check-limits.ts'
import { LIMIT_FIELDS, scopeKey } from './limit-fields.ts'
import { KEYED_SCOPES, SINGLE_SCOPES } from './limit-set.ts'
import type { LimitValue, PartialLimit, PartialLimitByName, PartialLimits } from './partial-limits.ts'

/**
 * Writes limits as the JSON of go-libp2p, byte for byte as Go does: its order of keys, its escapes, memory as a string of
 * digits, and nothing that is `default`.
 *
 * Written by hand because `JSON.stringify` moves names that look like numbers to the front and cannot write whole numbers
 * from 2^53 on.
 *
 * @throws {LimitConfigError} for limits that could not be read back
 */
export function stringifyLimits (limits: PartialLimits): string {
  const checked = checkLimits(limits)
  const keyed = KEYED_SCOPES.map(scope => member(scopeKey(scope), checked[scopeKey(scope)], writeByName))
  const single = SINGLE_SCOPES.map(scope => member(scopeKey(scope), checked[scopeKey(scope)], writeLimit))
  return object([...keyed, ...single])
}

function writeByName (limits: PartialLimitByName): string {
  const names = Object.keys(limits).map(name => ({ name, bytes: Buffer.from(name) })).sort((a, b) => Buffer.compare(a.bytes, b.bytes))
  return object(names.map(({ name }) => member(name, limits[name], writeLimit)))
}

function writeLimit (limit: PartialLimit): string {
  return object(LIMIT_FIELDS.map(({ key }) => member(key, limit[key], value => writeValue(value, key === 'Memory'))))
}

function writeValue (value: LimitValue, quoted: boolean): string {
  const isWord = value === 'default' || value === 'unlimited' || value === 'blockAll'
  return isWord || quoted ? `"${value}"` : `${value}`
}

function member<T> (key: string, value: T | undefined, write: (value: T) => string): string | undefined {
  return value === undefined ? undefined : `${writeKey(key)}:${write(value)}`
}

function object (members: ReadonlyArray<string | undefined>): string {
  return `{${members.filter(text => text !== undefined).join(',')}}`
}

// Go's encoder escapes what would end a script in a page.
function writeKey (key: string): string {
  return JSON.stringify(key).replace(/[<>&\u2028\u2029]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
