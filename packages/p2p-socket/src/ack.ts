import type { Encoding } from './encoding/encoding.ts'
import { list } from './encoding/list.ts'
import { empty } from './encoding/numbers.ts'
import { struct } from './encoding/struct.ts'
import { union, unionCase } from './encoding/union.ts'
import { MAX_RECEIVED_POINTS } from './defaults.ts'
import { type P2pPoint, pointEncoding } from './p2p-point.ts'
import { type RejectionMotive, rejectionEncoding } from './rejection.ts'

interface Nack {
  readonly motive: RejectionMotive
  readonly points: P2pPoint[]
}

/** The last word of a handshake; `nack-v0` is what peers of p2p version 0 understand. @see reference/tezos-p2p.md 2.7 */
export type Ack = { readonly kind: 'ack' } | { readonly kind: 'nack-v0' } | ({ readonly kind: 'nack' } & Nack)

const nackEncoding: Encoding<Nack> = struct<Nack>({ motive: rejectionEncoding, points: list(pointEncoding, { maxLength: MAX_RECEIVED_POINTS }) })

export const ackEncoding: Encoding<Ack> = union<Ack>([
  unionCase<Ack, undefined>({ tag: 0x00, encoding: empty, project: ack => ack.kind === 'ack' ? { inner: undefined } : undefined, inject: () => ({ kind: 'ack' }) }),
  unionCase<Ack, undefined>({ tag: 0xff, encoding: empty, project: ack => ack.kind === 'nack-v0' ? { inner: undefined } : undefined, inject: () => ({ kind: 'nack-v0' }) }),
  unionCase<Ack, Nack>({ tag: 0x01, encoding: nackEncoding, project: ack => ack.kind === 'nack' ? { inner: ack } : undefined, inject: nack => ({ kind: 'nack', ...nack }) })
])
