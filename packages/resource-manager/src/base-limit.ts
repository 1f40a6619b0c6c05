import { LimitConfigError } from './errors.ts'
import type { Limit } from './limit.ts'
import { LIMIT_FIELDS } from './limit-fields.ts'

/** A limit of which only some fields are said; the others are 0 and block. */
export type BaseLimit = { readonly [Name in keyof Limit]?: Limit[Name] | undefined }

/**
 * Makes a fixed limit of the fields that are not 0.
 *
 * @throws {TypeError} at a field that no limit has
 * @throws {LimitConfigError} when a field is neither a whole number of 0 or more nor `Infinity`
 */
export function baseLimit (fields: BaseLimit): Limit {
  for (const name of Object.keys(fields)) {
    if (!LIMIT_FIELDS.some(field => field.name === name)) throw new TypeError(`unknown field ${name} of a limit: known are ${LIMIT_FIELDS.map(field => field.name).join(', ')}`)
  }
  // All limits have their fields in the same order: the engine then reads them in every scope at the same place.
  const { memoryBytes = 0, streams = 0, streamsInbound = 0, streamsOutbound = 0, conns = 0, connsInbound = 0, connsOutbound = 0, fd = 0 } = fields
  return checkLimit(Object.freeze({ memoryBytes, streams, streamsInbound, streamsOutbound, conns, connsInbound, connsOutbound, fd }), '')
}

/**
 * Checks all fields of a limit: one that is NaN would let everything pass.
 *
 * @returns the limit itself
 * @throws {LimitConfigError} with the path of the field
 */
export function checkLimit (limit: Limit, path: string): Limit {
  for (const { name } of LIMIT_FIELDS) {
    const value: unknown = limit[name]
    const at = path === '' ? name : `${path}.${name}`
    if (typeof value !== 'number') throw new LimitConfigError(at, 'wrong-type', `must be a number, got ${value === null ? 'null' : typeof value}`)
    if (Number.isNaN(value)) throw new LimitConfigError(at, 'not-a-number', 'must be a whole number or Infinity, got NaN')
    if (value < 0) throw new LimitConfigError(at, 'negative', `must not be negative, got ${value}`)
    if (value === Infinity) continue
    if (!Number.isInteger(value)) throw new LimitConfigError(at, 'fraction', `must be a whole number or Infinity, got ${value}`)
    if (!Number.isSafeInteger(value)) throw new LimitConfigError(at, 'too-large', `must be below 2^53 or Infinity, got ${value}`)
  }
  return limit
}
