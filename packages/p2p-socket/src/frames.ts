import { InvalidChunksSizeError } from './errors.ts'
import { TAG_BYTES } from './p2p-crypto.ts'

const HEADER_BYTES = 2
/** What a chunk costs on the wire beyond its plaintext: its length and its tag. */
export const CHUNK_OVERHEAD_BYTES: number = HEADER_BYTES + TAG_BYTES
const MIN_CHUNK_BYTES: number = CHUNK_OVERHEAD_BYTES + 1
export const MAX_CHUNK_BYTES = 65_535

/** Checks the option `binaryChunksSizeBytes`. @throws {InvalidChunksSizeError} unless it is 19 to 65535 @see seed 002, "check_binary_chunks_size" */
export function checkBinaryChunksSize (value: number): void {
  if (!Number.isInteger(value) || value < MIN_CHUNK_BYTES || value > MAX_CHUNK_BYTES) throw new InvalidChunksSizeError({ value, min: MIN_CHUNK_BYTES, max: MAX_CHUNK_BYTES })
}

/** How many chunks so many bytes make. */
export function chunkCount (plaintextBytes: number, chunkBytes: number): number {
  return Math.max(1, Math.ceil(plaintextBytes / (chunkBytes - CHUNK_OVERHEAD_BYTES)))
}

/**
 * Cuts a plaintext into chunks and lays them out as they go over the wire, one behind the other, with room for their tags. What
 * is left to do is to seal each of them in place.
 *
 * @see reference/tezos-p2p.md 2.5
 */
export function layOutFrames (plaintext: Uint8Array, chunkBytes: number): Uint8Array {
  const chunks = chunkCount(plaintext.length, chunkBytes)
  const frames = Buffer.allocUnsafeSlow(plaintext.length + chunks * CHUNK_OVERHEAD_BYTES) // not of the shared pool: it may live long in a queue
  const step = chunkBytes - CHUNK_OVERHEAD_BYTES
  let at = 0
  for (let chunk = 0; chunk < chunks; chunk++) {
    const start = chunk * step
    const end = Math.min(start + step, plaintext.length)
    frames.writeUInt16BE(TAG_BYTES + end - start, at)
    frames.set(chunks === 1 ? plaintext : plaintext.subarray(start, end), at + CHUNK_OVERHEAD_BYTES)
    at += CHUNK_OVERHEAD_BYTES + end - start
  }
  return frames
}

/** Calls back for each box of laid-out frames: the room for its tag, and the plaintext. */
export function forEachBox (frames: Uint8Array, callback: (box: Uint8Array) => void): void {
  for (let at = 0; at < frames.length;) {
    const length = (frames[at] ?? 0) << 8 | (frames[at + 1] ?? 0)
    const start = at + HEADER_BYTES
    callback(frames.subarray(start, start + length))
    at = start + length
  }
}
