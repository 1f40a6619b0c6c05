/**
 * The cryptography of a session. All of it is done by libraries; this names what is needed of one.
 *
 * @see reference/tezos-p2p.md 1.1, 2.4 and 2.5
 */
export interface P2pCrypto {
  /** Which library. */
  readonly name: string
  /** Fills it with bytes that nobody can foretell. */
  randomFill (bytes: Uint8Array): void
  /** BLAKE2b of `input` into `out`, whose length is the digest's: a parameter of the hash, not a cut. */
  blake2b (out: Uint8Array, input: Uint8Array): void
  /** X25519 of the secret key and the base point. */
  publicKeyOf (secretKey: Uint8Array): Uint8Array
  /**
   * X25519 and HSalsa20: NaCl's `crypto_box_beforenm`.
   *
   * @throws {LowOrderPublicKeyError} when the shared secret would be all zeros
   */
  boxBeforeNm (publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array
  /** Encrypts into `box`, which is 16 bytes longer than the plaintext: the tag comes first. */
  seal (box: Uint8Array, plaintext: Uint8Array, nonce: Uint8Array, key: Uint8Array): void
  /**
   * Decrypts `box`, the tag and then the ciphertext, into `plaintext`, which is 16 bytes shorter and may be the place of the ciphertext.
   *
   * @returns whether the tag was right
   */
  open (plaintext: Uint8Array, box: Uint8Array, nonce: Uint8Array, key: Uint8Array): boolean
}

export const KEY_BYTES = 32
export const NONCE_BYTES = 24
export const TAG_BYTES = 16
