import { parseArgs } from 'node:util'
import { ALL_OPERATIONS, LIVE_SCOPES, type Operation } from './rows.ts'

export interface ScopeOptions {
  readonly rounds: number
  /** Of one row in one round. */
  readonly durationMs: number
  readonly live: readonly number[]
  readonly operations: readonly Operation[]
  /** Where the JSON goes besides standard output. */
  readonly json: string | undefined
}

const FULL: Pick<ScopeOptions, 'rounds' | 'durationMs'> = Object.freeze({ rounds: 5, durationMs: 400 })
const QUICK: typeof FULL = Object.freeze({ rounds: 2, durationMs: 100 })

export const USAGE = `usage: npm run bench:scopes -- [--quick] [--rounds N] [--live N,...] [--operations NAME,...] [--json FILE]
  live: how many scopes are open meanwhile, even numbers; ${LIVE_SCOPES.join(',')} unless told
  operations: of ${ALL_OPERATIONS.join(',')}; all unless told`

/** @throws {TypeError} on an argument that is not one, {RangeError} on a number that is out of range */
export function scopeOptions (args: readonly string[]): ScopeOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean' }, rounds: { type: 'string' }, live: { type: 'string' }, operations: { type: 'string' }, json: { type: 'string' } }
  })
  const { rounds: defaultRounds, durationMs } = values.quick === true ? QUICK : FULL
  const rounds = values.rounds === undefined ? defaultRounds : Number(values.rounds)
  if (!Number.isSafeInteger(rounds) || rounds < 1) throw new RangeError(`rounds must be a whole number from 1, got ${values.rounds}`)
  const live = values.live?.split(',').map(Number) ?? LIVE_SCOPES
  const wrong = live.find(each => !Number.isSafeInteger(each) || each < 0 || each % 2 !== 0)
  if (wrong !== undefined) throw new RangeError(`live must be even whole numbers, got ${values.live}`)
  const operations = values.operations?.split(',') ?? ALL_OPERATIONS
  if (!operations.every(isOperation)) throw new RangeError(`operations must be of ${ALL_OPERATIONS.join(',')}, got ${values.operations}`)
  return { rounds, durationMs, live, operations, json: values.json }
}

function isOperation (name: string): name is Operation {
  return ALL_OPERATIONS.some(operation => operation === name)
}
