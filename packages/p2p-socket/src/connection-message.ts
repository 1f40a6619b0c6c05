import { fixedBytes } from './encoding/bytes.ts'
import { conv } from './encoding/conv.ts'
import { decode, type Encoding, encode } from './encoding/encoding.ts'
import { DecodingError, EncodingError } from './encoding/errors.ts'
import { uint16 } from './encoding/numbers.ts'
import { struct } from './encoding/struct.ts'
import { type NetworkVersion, networkVersionEncoding } from './network-version.ts'
import { KEY_BYTES, NONCE_BYTES } from './p2p-crypto.ts'

/** The first thing that both sides send, in clear. @see reference/tezos-p2p.md 2.3 */
export interface ConnectionMessage {
  /** Where the sender can be dialled, if anywhere. */
  readonly port: number | undefined
  readonly publicKey: Uint8Array
  readonly proofOfWorkStamp: Uint8Array
  /** New for every connection: a key and a nonce must never meet twice. */
  readonly messageNonce: Uint8Array
  readonly version: NetworkVersion
}

const connectionMessageEncoding: Encoding<ConnectionMessage> = struct<ConnectionMessage>({
  port: conv<number | undefined, number>(uint16, { project: port => port ?? 0, inject: port => port === 0 ? undefined : port }),
  publicKey: fixedBytes(KEY_BYTES),
  proofOfWorkStamp: fixedBytes(NONCE_BYTES),
  messageNonce: fixedBytes(NONCE_BYTES),
  version: networkVersionEncoding
})

const HEADER_BYTES = 2
/** The body of a message with an empty chain name. */
const MIN_BODY_BYTES = 90

/** The frame: its length, then the message. All of it goes into the nonces of the session. @throws {EncodingError} */
export function encodeConnectionMessage (message: ConnectionMessage): Uint8Array {
  const body = encode(connectionMessageEncoding, message)
  if (body.length > 0xffff) throw new EncodingError(`a connection message of ${body.length} bytes, at most 65535 are allowed`)
  const frame = new Uint8Array(HEADER_BYTES + body.length)
  new DataView(frame.buffer).setUint16(0, body.length)
  frame.set(body, HEADER_BYTES)
  return frame
}

/** @throws {DecodingError} when it is not all of a frame, and no more */
export function decodeConnectionMessage (frame: Uint8Array): ConnectionMessage {
  return decode(connectionMessageEncoding, frame.subarray(HEADER_BYTES))
}

/** The length of the frame that begins with this header. @throws {DecodingError} when no message is that short */
export function connectionFrameLength (header: Uint8Array): number {
  const body = (header[0] ?? 0) << 8 | (header[1] ?? 0)
  if (body < MIN_BODY_BYTES) throw new DecodingError('not-enough-data', `a connection message of ${body} bytes, the least is ${MIN_BODY_BYTES}`)
  return HEADER_BYTES + body
}
