/** The bytes of a Yamux frame's header. @see reference/js-libp2p.md 4.3 */
export const HEADER_BYTES = 12

export const FrameType = { data: 0, windowUpdate: 1, ping: 2, goAway: 3 } as const

export const Flag = { syn: 1, ack: 2, fin: 4, rst: 8 } as const

/** A header, read; one object is used again and again. */
export interface YamuxHeader {
  version: number
  type: number
  flags: number
  streamId: number
  /** Payload bytes, window bytes, a ping's number, or a code: by the type. */
  length: number
}

/** Reads the header that starts at `offset`, whatever it holds. */
export function readHeader (from: Uint8Array, offset: number, into: YamuxHeader): void {
  into.version = byte(from, offset)
  into.type = byte(from, offset + 1)
  into.flags = byte(from, offset + 2) << 8 | byte(from, offset + 3)
  into.streamId = uint32(from, offset + 4)
  into.length = uint32(from, offset + 8)
}

/** The header as bytes of its own. */
export function writeHeader ({ version, type, flags, streamId, length }: YamuxHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES)
  putHeader(bytes, 0, type, flags, streamId, length)
  bytes[0] = version
  return bytes
}

/** Writes a header of version 0 at `offset`. */
export function putHeader (into: Uint8Array, offset: number, type: number, flags: number, streamId: number, length: number): void {
  into[offset] = 0
  into[offset + 1] = type
  into[offset + 2] = flags >>> 8
  into[offset + 3] = flags
  putUint32(into, offset + 4, streamId)
  putUint32(into, offset + 8, length)
}

function byte (from: Uint8Array, at: number): number {
  return from[at] as number
}

function uint32 (from: Uint8Array, at: number): number {
  return byte(from, at) * 0x1000000 + (byte(from, at + 1) << 16 | byte(from, at + 2) << 8 | byte(from, at + 3))
}

function putUint32 (into: Uint8Array, at: number, value: number): void {
  into[at] = value >>> 24
  into[at + 1] = value >>> 16
  into[at + 2] = value >>> 8
  into[at + 3] = value
}
