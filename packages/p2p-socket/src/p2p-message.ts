import { fixedBytes, variableBytes } from './encoding/bytes.ts'
import { conv } from './encoding/conv.ts'
import type { Encoding } from './encoding/encoding.ts'
import { variableList } from './encoding/list.ts'
import { empty } from './encoding/numbers.ts'
import { checkSize, dynamicSize } from './encoding/sized.ts'
import { struct } from './encoding/struct.ts'
import { union, type UnionCase, unionCase } from './encoding/union.ts'
import { MAX_RECEIVED_POINTS, P2P_SOCKET_DEFAULTS } from './defaults.ts'
import { PEER_ID_BYTES, P2pPeerId } from './p2p-peer-id.ts'
import { type P2pPoint, pointEncoding } from './p2p-point.ts'

interface Swap {
  readonly point: P2pPoint
  readonly peerId: P2pPeerId
}

/** What nodes say to each other on an accepted connection. @see reference/tezos-p2p.md 3 */
export type P2pMessage<Message> =
  | { readonly kind: 'disconnect' | 'bootstrap' }
  | { readonly kind: 'advertise', readonly points: P2pPoint[] }
  | ({ readonly kind: 'swap-request' | 'swap-ack' } & Swap)
  | { readonly kind: 'message', readonly message: Message }

const peerIdEncoding: Encoding<P2pPeerId> = conv(fixedBytes(PEER_ID_BYTES), { project: id => id.toBytes(), inject: bytes => P2pPeerId.fromBytes(bytes) })
const swapEncoding: Encoding<Swap> = struct<Swap>({ point: pointEncoding, peerId: peerIdEncoding })
const pointsEncoding: Encoding<P2pPoint[]> = variableList(pointEncoding, { maxLength: MAX_RECEIVED_POINTS })

/**
 * The frames of a Tezos node: its own messages, and those of the application in further cases.
 *
 * A tag that is none of them is a `DecodingError`: peers are to be greylisted for it.
 *
 * @param cases - tags above 5 and below 65536
 */
export function p2pMessageEncoding<Message> (cases: readonly UnionCase<Message, never>[]): Encoding<P2pMessage<Message>> {
  type M = P2pMessage<Message>
  const plain = (tag: number, kind: 'disconnect' | 'bootstrap'): UnionCase<M, never> => unionCase<M, undefined>({
    tag, encoding: empty, project: message => message.kind === kind ? { inner: undefined } : undefined, inject: () => ({ kind })
  })
  const swap = (tag: number, kind: 'swap-request' | 'swap-ack'): UnionCase<M, never> => unionCase<M, Swap>({
    tag, encoding: swapEncoding, project: message => message.kind === kind ? { inner: message } : undefined, inject: inner => ({ kind, ...inner })
  })
  return checkSize(dynamicSize(union<M>([
    plain(0x0001, 'disconnect'),
    plain(0x0002, 'bootstrap'),
    unionCase<M, P2pPoint[]>({ tag: 0x0003, encoding: pointsEncoding, project: message => message.kind === 'advertise' ? { inner: message.points } : undefined, inject: points => ({ kind: 'advertise', points }) }),
    swap(0x0004, 'swap-request'),
    swap(0x0005, 'swap-ack'),
    ...cases.map(({ tag, encoding, project, inject }) => unionCase<M, never>({
      tag,
      encoding,
      project: message => message.kind === 'message' ? project(message.message) : undefined,
      inject: inner => ({ kind: 'message', message: inject(inner) })
    }))
  ], { tagSize: 'uint16' })), P2P_SOCKET_DEFAULTS.maxMessageBytes)
}

/** A message of the application that is passed on unread. */
export interface OpaqueMessage {
  readonly tag: number
  readonly body: Uint8Array
}

/** Cases for messages of these tags, unread: what a node that only relays or watches must know so as not to refuse them. */
export function opaqueCases (tags: readonly number[]): UnionCase<OpaqueMessage, never>[] {
  return tags.map(tag => unionCase<OpaqueMessage, Uint8Array>({
    tag, encoding: variableBytes, project: message => message.tag === tag ? { inner: message.body } : undefined, inject: body => ({ tag, body })
  }))
}

/** The tags of Tezos's distributed database, which every node of a real network sends. @see reference/tezos-p2p.md 3 */
export const DISTRIBUTED_DB_TAGS: readonly number[] = Object.freeze([
  0x10, 0x11, 0x12, 0x13, 0x14, 0x20, 0x21, 0x30, 0x31, 0x40, 0x41, 0x60, 0x61, 0x70, 0x71, 0x80, 0x81, 0x90, 0x91
])
