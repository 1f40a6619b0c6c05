import { checkLimits } from './check-limits.ts'
import { duplicateKey } from './duplicate-key.ts'
import { LimitConfigError } from './errors.ts'
import type { PartialLimits } from './partial-limits.ts'

/** What a reviver is told: not in the types of TypeScript yet. */
type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown

/**
 * Reads go-libp2p's JSON of limits.
 *
 * Stricter than Go, which ignores what it does not know: a limit that is misspelt here is an error, not a hole.
 *
 * @throws {LimitConfigError} with the path of what is wrong
 */
export function parseLimits (json: string): PartialLimits {
  const revive: Reviver = (_key, value, context) => typeof value === 'number' ? exactNumber(value, context?.source) : value
  let parsed: unknown
  try {
    parsed = JSON.parse(json, revive)
  } catch (cause) {
    throw new LimitConfigError('', 'syntax', `are no JSON: ${(cause as Error).message}`, { cause })
  }
  const twice = duplicateKey(json)
  if (twice !== undefined) throw new LimitConfigError(twice, 'duplicate-key', 'stands there twice')
  return checkLimits(parsed)
}

// Go writes counts of 64 bits as bare numbers: their digits are kept, because the number has lost some. And one that is
// beyond all numbers, such as 1e400, has become Infinity, which would be unlimited.
function exactNumber (value: number, source: string | undefined): number | string {
  if (source === undefined || Number.isSafeInteger(value)) return value
  return /^\d+$/.test(source) || !Number.isFinite(value) ? source : value
}
