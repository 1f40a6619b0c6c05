import { parseArgs } from 'node:util'
import { PEERS, type PeerId } from './peers.ts'
import { ROWS, type Row, type Size } from './rows.ts'

export interface BenchOptions {
  readonly rows: readonly Row[]
  readonly peers: typeof PEERS
  readonly rounds: number
  readonly size: Size
  /** Where the JSON goes besides standard output. */
  readonly json: string | undefined
}

const FULL: Size & { readonly rounds: number } = Object.freeze({ rounds: 5, durationMs: 3_000, mebibytes: 512, idleConns: 300 })
const QUICK: typeof FULL = Object.freeze({ rounds: 2, durationMs: 500, mebibytes: 64, idleConns: 100 })

export const USAGE = `usage: npm run bench -- [--quick] [--rounds N] [--rows ID,...] [--peers ID,...] [--json FILE]
  rows:  ${ROWS.map(({ id }) => id).join(', ')}
  peers: ${PEERS.map(({ id }) => id).join(', ')}`

/** Those of `all` that a comma-separated list names. */
function choose<T extends { readonly id: string }> (all: readonly T[], list: string | undefined): readonly T[] {
  const ids = list?.split(',') ?? all.map(({ id }) => id)
  const unknown = ids.find(id => !all.some(one => one.id === id))
  if (unknown !== undefined) throw new TypeError(`there is no ${unknown}`)
  return all.filter(({ id }) => ids.includes(id))
}

/** @throws {TypeError} on an argument that is not one, {RangeError} on a number that is out of range */
export function benchOptions (args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean' }, rounds: { type: 'string' }, rows: { type: 'string' }, peers: { type: 'string' }, json: { type: 'string' } }
  })
  const { rounds: defaultRounds, ...size } = values.quick === true ? QUICK : FULL
  const rounds = values.rounds === undefined ? defaultRounds : Number(values.rounds)
  if (!Number.isSafeInteger(rounds) || rounds < 1) throw new RangeError(`rounds must be a whole number from 1, got ${values.rounds}`)
  return { rows: choose(ROWS, values.rows), peers: choose<{ id: PeerId, name: string, module: URL }>(PEERS, values.peers), rounds, size, json: values.json }
}
