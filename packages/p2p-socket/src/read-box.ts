import type { ByteReader } from '@weir/io-scheduler'
import { InvalidIncomingCiphertextSizeError } from './errors.ts'
import { TAG_BYTES } from './p2p-crypto.ts'

/** Reads the box of one chunk, into a buffer of its own. */
export async function readBox (reader: ByteReader): Promise<Uint8Array> {
  const header = new Uint8Array(2)
  await reader.readFull(header)
  const length = (header[0] ?? 0) << 8 | (header[1] ?? 0)
  if (length < TAG_BYTES) throw new InvalidIncomingCiphertextSizeError(length)
  const box = new Uint8Array(length)
  await reader.readFull(box)
  return box
}
