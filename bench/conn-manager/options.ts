import { parseArgs } from 'node:util'

export interface ConnManagerOptions {
  readonly rounds: number
  /** Connections before a trim, which closes a tenth of them. */
  readonly conns: number
  /** Peers that are connected and tagged while operations are measured. */
  readonly peers: number
  /** Operations of a row. */
  readonly operations: number
  /** Where the JSON goes besides standard output. */
  readonly json: string | undefined
}

export const USAGE = 'usage: npm run bench:conn-manager -- [--quick] [--rounds N] [--json FILE]'

/** @throws {TypeError} on an argument that is not one, {RangeError} on a number that is out of range */
export function connManagerOptions (args: readonly string[]): ConnManagerOptions {
  const { values } = parseArgs({ args: [...args], options: { quick: { type: 'boolean' }, rounds: { type: 'string' }, json: { type: 'string' } } })
  const rounds = values.rounds === undefined ? (values.quick === true ? 3 : 15) : Number(values.rounds)
  if (!Number.isSafeInteger(rounds) || rounds < 1) throw new RangeError(`rounds must be a whole number from 1, got ${values.rounds}`)
  return { rounds, conns: 10_000, peers: 100_000, operations: values.quick === true ? 50_000 : 300_000, json: values.json }
}
