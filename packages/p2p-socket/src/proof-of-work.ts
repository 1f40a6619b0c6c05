import { KEY_BYTES, NONCE_BYTES, type P2pCrypto } from './p2p-crypto.ts'

const HASH_BYTES = 32

/**
 * How much work a proof has to show: the largest hash that counts, made of the number of leading zero bits.
 *
 * The arithmetic is Octez's. A whole number of bits is exact; of a fraction the last digits depend on the machine's power function, there as here.
 *
 * @see reference/tezos-p2p.md 1.2
 */
export class ProofOfWorkTarget {
  readonly bits: number
  readonly value: bigint
  readonly #bytes: Uint8Array

  /** @param bits - 0 to 256 @throws {RangeError} */
  constructor (bits: number) {
    if (!(bits >= 0 && bits <= 256)) throw new RangeError(`a proof-of-work target has 0 to 256 bits, got ${bits}`)
    const shift = Math.floor(bits)
    const fraction = bits - shift
    const mantissa = fraction === 0 ? 2n ** 54n - 1n : BigInt(Math.trunc(2 ** (54 - fraction)))
    const room = BigInt(202 - shift)
    this.bits = bits
    this.value = room > 0n ? (mantissa << room) | ((1n << room) - 1n) : mantissa >> -room
    this.#bytes = Uint8Array.from({ length: HASH_BYTES }, (_, i) => Number((this.value >> BigInt(8 * i)) & 0xffn))
  }

  /** Whether the hash, as a little-endian number, is not above the target. */
  admits (hash: Uint8Array): boolean {
    for (let i = HASH_BYTES - 1; i >= 0; i--) {
      const difference = (hash[i] ?? 0) - (this.#bytes[i] ?? 0)
      if (difference !== 0) return difference < 0
    }
    return true
  }
}

/** Whether the stamp proves the target's work for the public key. */
export function checkProofOfWork (publicKey: Uint8Array, stamp: Uint8Array, target: ProofOfWorkTarget, crypto: P2pCrypto): boolean {
  const input = new Uint8Array(KEY_BYTES + NONCE_BYTES)
  input.set(publicKey)
  input.set(stamp, KEY_BYTES)
  const hash = new Uint8Array(HASH_BYTES)
  crypto.blake2b(hash, input)
  return target.admits(hash)
}
