import { parseArgs } from 'node:util'
import type { Layer } from './connect.ts'
import { MUXER_ROWS, type MuxerRow, type MuxerSize } from './rows.ts'

export interface MuxerOptions {
  /** How often all begins anew, with processes of its own. */
  readonly starts: number
  readonly rounds: number
  readonly rows: readonly MuxerRow[]
  readonly layers: readonly Layer[]
  readonly size: MuxerSize
  /** Where the JSON goes besides standard output. */
  readonly json: string | undefined
}

const LAYERS: readonly Layer[] = ['noise', 'tcp']
const FULL: MuxerSize & { readonly starts: number, readonly rounds: number } = Object.freeze({ starts: 3, rounds: 3, mebibytes: 256, durationMs: 1_500, idleStreams: 1_000 })
const QUICK: typeof FULL = Object.freeze({ starts: 1, rounds: 2, mebibytes: 64, durationMs: 500, idleStreams: 1_000 })

export const MUXERS_USAGE = `usage: npm run bench:muxers -- [--quick] [--starts N] [--rounds N] [--rows ID,...] [--layers ID,...] [--json FILE]
  rows:   ${MUXER_ROWS.map(({ id }) => id).join(', ')}
  layers: ${LAYERS.join(', ')}`

/** @throws {TypeError} on an argument that is not one, {RangeError} on a number that is out of range */
export function muxerOptions (args: readonly string[]): MuxerOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean' }, starts: { type: 'string' }, rounds: { type: 'string' }, rows: { type: 'string' }, layers: { type: 'string' }, json: { type: 'string' } }
  })
  const { starts, rounds, ...size } = values.quick === true ? QUICK : FULL
  return {
    starts: count('starts', values.starts ?? String(starts)),
    rounds: count('rounds', values.rounds ?? String(rounds)),
    rows: named(MUXER_ROWS, ({ id }) => id, values.rows),
    layers: named(LAYERS, layer => layer, values.layers),
    size,
    json: values.json
  }
}

function count (name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name} must be a whole number from 1, got ${text}`)
  return value
}

/** Those that the list names, or all. */
function named<T> (all: readonly T[], nameOf: (one: T) => string, list: string | undefined): readonly T[] {
  return list?.split(',').map(name => {
    const found = all.find(one => nameOf(one) === name)
    if (found === undefined) throw new TypeError(`there is no ${name}`)
    return found
  }) ?? all
}
