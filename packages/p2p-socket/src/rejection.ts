import { conv } from './encoding/conv.ts'
import type { Encoding } from './encoding/encoding.ts'
import { int16 } from './encoding/numbers.ts'

const CODES = {
  'no-motive': 0,
  'too-many-connections': 1,
  'unknown-chain-name': 2,
  'deprecated-p2p-version': 3,
  'deprecated-distributed-db-version': 4,
  'already-connected': 5
} as const

/** Why a connection is refused; a number is a motive that this version does not know. @see reference/tezos-p2p.md 2.7 */
export type RejectionMotive = keyof typeof CODES | number

const BY_CODE: ReadonlyMap<number, RejectionMotive> = new Map(Object.entries(CODES).map(([motive, code]) => [code, motive as RejectionMotive]))

/** A motive on the wire, as a signed number. */
export const rejectionEncoding: Encoding<RejectionMotive> = conv(int16, {
  project: motive => typeof motive === 'number' ? motive : CODES[motive],
  inject: code => BY_CODE.get(code) ?? code
})
