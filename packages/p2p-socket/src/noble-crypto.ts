import { randomFillSync } from 'node:crypto'
import { secretbox } from '@noble/ciphers/salsa.js'
import { x25519 } from '@noble/curves/ed25519.js'
import { blake2b } from '@noble/hashes/blake2.js'
import { LowOrderPublicKeyError } from './errors.ts'
import { hsalsa20 } from './hsalsa20.ts'
import type { P2pCrypto } from './p2p-crypto.ts'

/** The cryptography in JavaScript alone, of `@noble`: slower, and runs everywhere. */
export const nobleCrypto: P2pCrypto = Object.freeze({
  name: 'noble',
  randomFill (bytes: Uint8Array) { randomFillSync(bytes) },
  blake2b (out: Uint8Array, input: Uint8Array) { out.set(blake2b(input, { dkLen: out.length })) },
  publicKeyOf: (secretKey: Uint8Array) => x25519.getPublicKey(secretKey),
  boxBeforeNm (publicKey: Uint8Array, secretKey: Uint8Array) {
    let secret: Uint8Array
    try {
      secret = x25519.getSharedSecret(secretKey, publicKey)
    } catch (cause) {
      throw new LowOrderPublicKeyError({ cause })
    }
    return hsalsa20(secret)
  },
  seal (box: Uint8Array, plaintext: Uint8Array, nonce: Uint8Array, key: Uint8Array) { box.set(secretbox(key, nonce).seal(plaintext)) },
  open (plaintext: Uint8Array, box: Uint8Array, nonce: Uint8Array, key: Uint8Array) {
    try {
      plaintext.set(secretbox(key, nonce).open(box))
      return true
    } catch {
      return false // the library tells a wrong tag no other way
    }
  }
})
