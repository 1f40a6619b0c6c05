/** A multistream-select message: its length, the text, a line feed. All texts here are shorter than 127 bytes. */
function multistreamMessage (text: string): Buffer {
  return Buffer.from(`${String.fromCharCode(text.length + 1)}${text}\n`, 'latin1')
}

/** A header and one protocol, as both the proposal and the answer go over the wire. */
export function multistreamHandshake (protocol: string): Buffer {
  return Buffer.concat([multistreamMessage('/multistream/1.0.0'), multistreamMessage(protocol)])
}

export const YAMUX_HEADER_BYTES = 12
export const YAMUX_TYPE = Object.freeze({ data: 0, windowUpdate: 1, ping: 2, goAway: 3 })
export const YAMUX_FLAG = Object.freeze({ syn: 1, ack: 2, fin: 4, rst: 8 })
/** What a stream may send before the first update. */
export const YAMUX_INITIAL_WINDOW_BYTES = 256 * 1024
export const YAMUX_MAX_WINDOW_BYTES = 16 * 1024 * 1024

export function yamuxHeader (type: number, flags: number, streamId: number, length: number): Buffer {
  const header = Buffer.allocUnsafe(YAMUX_HEADER_BYTES)
  header[0] = 0
  header[1] = type
  header.writeUInt16BE(flags, 2)
  header.writeUInt32BE(streamId, 4)
  header.writeUInt32BE(length, 8)
  return header
}
