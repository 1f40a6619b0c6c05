import { randomFillSync } from 'node:crypto'
import { createRequire } from 'node:module'
import { LowOrderPublicKeyError } from './errors.ts'
import { hsalsa20 } from './hsalsa20.ts'
import { KEY_BYTES, type P2pCrypto } from './p2p-crypto.ts'

/** What is used of `sodium-native`, which comes without types. */
interface Sodium {
  crypto_generichash (out: Uint8Array, input: Uint8Array): void
  crypto_scalarmult (out: Uint8Array, secretKey: Uint8Array, publicKey: Uint8Array): void
  crypto_scalarmult_base (out: Uint8Array, secretKey: Uint8Array): void
  crypto_secretbox_easy (box: Uint8Array, plaintext: Uint8Array, nonce: Uint8Array, key: Uint8Array): void
  crypto_secretbox_open_easy (plaintext: Uint8Array, box: Uint8Array, nonce: Uint8Array, key: Uint8Array): boolean
}

/**
 * The cryptography of libsodium.
 *
 * @throws what loading `sodium-native` throws, where it has no binary for this machine
 */
export function loadSodiumCrypto (): P2pCrypto {
  const require = createRequire(import.meta.url)
  const sodium = require('sodium-native') as Sodium
  return Object.freeze({
    name: 'sodium',
    randomFill (bytes: Uint8Array) { randomFillSync(bytes) },
    blake2b (out: Uint8Array, input: Uint8Array) { sodium.crypto_generichash(out, input) },
    publicKeyOf (secretKey: Uint8Array) {
      const publicKey = new Uint8Array(KEY_BYTES)
      sodium.crypto_scalarmult_base(publicKey, secretKey)
      return publicKey
    },
    boxBeforeNm (publicKey: Uint8Array, secretKey: Uint8Array) {
      const secret = new Uint8Array(KEY_BYTES)
      try {
        sodium.crypto_scalarmult(secret, secretKey, publicKey)
      } catch (cause) {
        throw new LowOrderPublicKeyError({ cause })
      }
      return hsalsa20(secret)
    },
    seal (box: Uint8Array, plaintext: Uint8Array, nonce: Uint8Array, key: Uint8Array) { sodium.crypto_secretbox_easy(box, plaintext, nonce, key) },
    open: (plaintext: Uint8Array, box: Uint8Array, nonce: Uint8Array, key: Uint8Array) => sodium.crypto_secretbox_open_easy(plaintext, box, nonce, key)
  })
}
