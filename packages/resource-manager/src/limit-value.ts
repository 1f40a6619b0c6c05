import { LimitConfigError } from './errors.ts'
import type { LimitValue } from './partial-limits.ts'

const MAX_INT64 = 9_223_372_036_854_775_807n

/**
 * Checks a written limit and gives its one proper form: a word, a safe integer above 0, or, for whole numbers that a
 * JavaScript number cannot hold, their digits.
 *
 * @throws {LimitConfigError} for anything else; `path` says where
 */
export function checkLimitValue (value: unknown, path: string): LimitValue {
  if (value === 'default' || value === 'unlimited' || value === 'blockAll') return value
  if (typeof value === 'number') return checkNumber(value, path)
  if (typeof value === 'string') return checkDigits(value, path)
  throw new LimitConfigError(path, 'wrong-type', `must be "default", "unlimited", "blockAll" or a whole number, got ${value === null ? 'null' : typeof value}`)
}

/** The limit that is meant. From 2^53 on that is none: nothing can be counted so far, and Go writes its "unlimited" so too. */
export function limitOfValue (value: LimitValue | undefined, byDefault: number): number {
  if (value === undefined || value === 'default') return byDefault
  if (value === 'unlimited') return Infinity
  if (value === 'blockAll') return 0
  const limit = Number(value)
  return Number.isSafeInteger(limit) ? limit : Infinity
}

/** How a limit is written; never `default`. */
export function valueOfLimit (limit: number): LimitValue {
  if (limit === 0) return 'blockAll'
  return limit === Infinity ? 'unlimited' : limit
}

function checkNumber (value: number, path: string): LimitValue {
  if (Number.isNaN(value)) throw new LimitConfigError(path, 'not-a-number', 'must be a whole number, got NaN')
  if (value < 0) throw new LimitConfigError(path, 'negative', `must not be negative, got ${value}; write "unlimited" or "blockAll" when that is meant`)
  if (value === Infinity) return 'unlimited'
  if (!Number.isInteger(value)) throw new LimitConfigError(path, 'fraction', `must be a whole number, got ${value}`)
  if (!Number.isSafeInteger(value)) throw new LimitConfigError(path, 'too-large', `${value} is not exact any more: write its digits as a string, or "unlimited"`)
  return value === 0 ? 'blockAll' : value
}

function checkDigits (text: string, path: string): LimitValue {
  const shown = JSON.stringify(text.slice(0, 40))
  if (/^-\d+$/.test(text)) throw new LimitConfigError(path, 'negative', `must not be negative, got ${shown}; write "unlimited" or "blockAll" when that is meant`)
  if (/^\d+\.\d+$/.test(text)) throw new LimitConfigError(path, 'fraction', `must be a whole number, got ${shown}`)
  const digits = /^\+?0*(\d+)$/.exec(text)?.[1] // Go's parser takes a plus and leading zeros
  if (digits === undefined) throw new LimitConfigError(path, 'not-a-number', `must be "default", "unlimited", "blockAll" or a whole number, got ${shown}`)
  // The length first: a file of a million digits should cost nothing.
  if (digits.length > 19 || BigInt(digits) > MAX_INT64) throw new LimitConfigError(path, 'too-large', `must be below 2^63, got ${shown}; write "unlimited" when that is meant`)
  const value = Number(digits)
  if (!Number.isSafeInteger(value)) return digits as `${bigint}`
  return value === 0 ? 'blockAll' : value
}
