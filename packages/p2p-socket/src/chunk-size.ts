import { InvalidChunksSizeError } from './errors.ts'
import { TAG_BYTES } from './p2p-crypto.ts'

/** The length in front of a chunk. */
export const CHUNK_HEADER_BYTES = 2
/** What a chunk costs on the wire beyond its plaintext: its length and its tag. */
export const CHUNK_OVERHEAD_BYTES: number = CHUNK_HEADER_BYTES + TAG_BYTES
const MIN_CHUNK_BYTES: number = CHUNK_OVERHEAD_BYTES + 1
export const MAX_CHUNK_BYTES = 65_535

/** Checks the option `binaryChunksSizeBytes`. @throws {InvalidChunksSizeError} unless it is 19 to 65535 @see seed 002, "check_binary_chunks_size" */
export function checkBinaryChunksSize (value: number): void {
  if (!Number.isInteger(value) || value < MIN_CHUNK_BYTES || value > MAX_CHUNK_BYTES) throw new InvalidChunksSizeError({ value, min: MIN_CHUNK_BYTES, max: MAX_CHUNK_BYTES })
}
