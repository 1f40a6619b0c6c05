import { hsalsa } from '@noble/ciphers/salsa.js'

// "expand 32-byte k", as Salsa20 has it.
const SIGMA: Uint32Array = new Uint32Array([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574])
const ZERO_INPUT: Uint32Array = new Uint32Array(4)

function words (bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true))
}

/** HSalsa20 of a shared secret and sixteen zero bytes, which makes the key of a box. */
export function hsalsa20 (secret: Uint8Array): Uint8Array {
  const out = new Uint32Array(8)
  hsalsa(SIGMA, words(secret), ZERO_INPUT, out)
  const key = new Uint8Array(32)
  const view = new DataView(key.buffer)
  for (const [i, word] of out.entries()) view.setUint32(4 * i, word, true)
  return key
}
