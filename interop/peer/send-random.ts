import { createHash, randomBytes } from 'node:crypto'
import { CHUNK_BYTES } from './protocols.ts'
import type { Wire } from './wire.ts'

/** Sends random bytes, and returns their SHA-256. */
export async function sendRandom (wire: Wire, bytes: number): Promise<Buffer> {
  const sum = createHash('sha256')
  for (let left = bytes; left > 0; left -= CHUNK_BYTES) {
    const chunk = randomBytes(Math.min(left, CHUNK_BYTES))
    sum.update(chunk)
    await wire.write(chunk)
  }
  return sum.digest()
}
