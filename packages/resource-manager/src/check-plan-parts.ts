import { LIMIT_FIELDS } from './limit-fields.ts'
import { SINGLE_SCOPES } from './limit-set.ts'
import type { PlanNeed, PlanPart, UnreservedCosts } from './plan-part.ts'
import type { Watermarks } from './watermarks.ts'
import { checkWhole } from './whole-number.ts'

const PART_KEYS: ReadonlyArray<keyof PlanPart> = Object.freeze(['name', 'watermarks', 'needs', 'unreserved'])
const NEED_KEYS: ReadonlyArray<keyof PlanNeed> = Object.freeze(['per', 'scope', 'resource', 'atLeast', 'why'])
const COST_KEYS: ReadonlyArray<keyof UnreservedCosts> = Object.freeze(['fixedBytes', 'perConnBytes', 'perStreamBytes', 'fixedFds'])
const WATERMARK_KEYS: ReadonlyArray<keyof Watermarks> = Object.freeze(['lowWater', 'highWater'])

/**
 * Checks the form of what packages demand: a demand that is misspelt would be one that nobody checks.
 *
 * @throws {TypeError} at a key, a scope or a resource that is not known, and at a name that comes twice
 * @throws {RangeError} at a number that is no whole number of 0 or more
 */
export function checkPlanParts (parts: readonly PlanPart[]): void {
  const names = new Set<string>()
  for (const part of parts) {
    const { name, watermarks, needs = [], unreserved } = part
    if (typeof name !== 'string' || name === '') throw new TypeError('a part of a plan needs a name')
    if (names.has(name)) throw new TypeError(`the part ${name} is in the plan twice`)
    names.add(name)
    checkKeys(name, part, PART_KEYS)
    if (watermarks !== undefined) checkNumbers(`${name}.watermarks`, watermarks, WATERMARK_KEYS)
    if (unreserved !== undefined) checkNumbers(`${name}.unreserved`, unreserved, COST_KEYS)
    for (const [index, need] of needs.entries()) checkNeed(`${name}.needs[${index}]`, need)
  }
}

function checkNeed (at: string, need: PlanNeed): void {
  checkKeys(at, need, NEED_KEYS)
  if (need.per !== 'connection' && need.per !== 'stream') throw new TypeError(`${at}.per must be connection or stream, got ${need.per}`)
  if (!SINGLE_SCOPES.includes(need.scope)) throw new TypeError(`${at}.scope must be one of ${SINGLE_SCOPES.join(', ')}, got ${need.scope}`)
  if (!LIMIT_FIELDS.some(field => field.name === need.resource)) throw new TypeError(`${at}.resource must be a field of a limit, got ${need.resource}`)
  checkWhole(`${at}.atLeast`, need.atLeast)
}

function checkNumbers (at: string, given: object, keys: readonly string[]): void {
  checkKeys(at, given, keys)
  for (const [key, value] of Object.entries(given)) {
    if (value !== undefined) checkWhole(`${at}.${key}`, value)
  }
}

function checkKeys (at: string, given: object, known: readonly string[]): void {
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) throw new TypeError(`unknown key ${key} of the plan's part ${at}: known are ${known.join(', ')}`)
  }
}
