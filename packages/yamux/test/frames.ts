/** A Yamux frame by hand. `length` is that of the payload unless it is given. */
export function frame ({ version = 0, type, flags = 0, streamId, length, payload = new Uint8Array() }: { version?: number, type: number, flags?: number, streamId: number, length?: number, payload?: Uint8Array }): Buffer {
  const header = Buffer.alloc(12)
  header.writeUInt8(version, 0)
  header.writeUInt8(type, 1)
  header.writeUInt16BE(flags, 2)
  header.writeUInt32BE(streamId, 4)
  header.writeUInt32BE(length ?? payload.length, 8)
  return Buffer.concat([header, payload])
}

export const SYN = 1
export const ACK = 2
export const FIN = 4
export const RST = 8

export const data = (streamId: number, payload: Uint8Array, flags = 0): Buffer => frame({ type: 0, flags, streamId, payload })
export const windowUpdate = (streamId: number, length: number, flags = 0): Buffer => frame({ type: 1, flags, streamId, length })
export const ping = (id: number, flags = SYN): Buffer => frame({ type: 2, flags, streamId: 0, length: id })
export const goAway = (code: number): Buffer => frame({ type: 3, streamId: 0, length: code })

/** A frame as its numbers. */
export interface Parsed { type: number, flags: number, streamId: number, length: number, payload: Buffer }

/** The whole frames in some bytes. */
export function parse (bytes: Buffer): Parsed[] {
  const frames: Parsed[] = []
  for (let at = 0; at + 12 <= bytes.length;) {
    const type = bytes.readUInt8(at + 1)
    const length = bytes.readUInt32BE(at + 8)
    const end = at + 12 + (type === 0 ? length : 0)
    frames.push({ type, flags: bytes.readUInt16BE(at + 2), streamId: bytes.readUInt32BE(at + 4), length, payload: bytes.subarray(at + 12, end) })
    at = end
  }
  return frames
}
