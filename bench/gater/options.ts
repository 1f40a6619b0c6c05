import { parseArgs } from 'node:util'

export interface GaterOptions {
  readonly rounds: number
  readonly addrs: number
  readonly subnets: number
  /** Of one check in one round. */
  readonly durationMs: number
  /** Where the JSON goes besides standard output. */
  readonly json: string | undefined
}

export const GATER_USAGE = 'usage: npm run bench:gater -- [--quick] [--rounds N] [--addrs N] [--subnets N] [--json FILE]'

/** @throws {TypeError} on an argument that is not one, {RangeError} on a number that is out of range */
export function gaterOptions (args: readonly string[]): GaterOptions {
  const { values } = parseArgs({ args: [...args], options: { quick: { type: 'boolean' }, rounds: { type: 'string' }, addrs: { type: 'string' }, subnets: { type: 'string' }, json: { type: 'string' } } })
  const quick = values.quick === true
  const number = (name: 'rounds' | 'addrs' | 'subnets', otherwise: number): number => {
    const given = values[name] === undefined ? otherwise : Number(values[name])
    if (!Number.isSafeInteger(given) || given < 1) throw new RangeError(`${name} must be a whole number from 1, got ${values[name]}`)
    return given
  }
  return { rounds: number('rounds', quick ? 1 : 3), addrs: number('addrs', quick ? 100_000 : 1_000_000), subnets: number('subnets', quick ? 10_000 : 100_000), durationMs: quick ? 100 : 500, json: values.json }
}
