import { type DecipherChaCha20Poly1305, createCipheriv, createDecipheriv, createPublicKey, diffieHellman, generateKeyPairSync, hash, hkdfSync, type KeyObject } from 'node:crypto'

const X25519_SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex')
const ED25519_SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
const RAW_KEY_BYTES = 32
export const TAG_BYTES = 16
const CIPHER = 'chacha20-poly1305'

export interface KeyPair {
  readonly privateKey: KeyObject
  /** Raw, 32 bytes. */
  readonly publicKey: Buffer
}

export function newX25519 (): KeyPair {
  return raw(generateKeyPairSync('x25519'))
}

export function newEd25519 (): KeyPair {
  return raw(generateKeyPairSync('ed25519'))
}

function raw ({ privateKey, publicKey }: { privateKey: KeyObject, publicKey: KeyObject }): KeyPair {
  return { privateKey, publicKey: publicKey.export({ type: 'spki', format: 'der' }).subarray(-RAW_KEY_BYTES) }
}

export function ed25519PublicKey (bytes: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([ED25519_SPKI_PREFIX, bytes]), format: 'der', type: 'spki' })
}

export function sharedSecret (own: KeyPair, remote: Uint8Array): Buffer {
  return diffieHellman({ privateKey: own.privateKey, publicKey: createPublicKey({ key: Buffer.concat([X25519_SPKI_PREFIX, remote]), format: 'der', type: 'spki' }) })
}

export function sha256 (...parts: Uint8Array[]): Buffer {
  return hash('sha256', Buffer.concat(parts), 'buffer')
}

/** Noise's HKDF with two outputs: that of RFC 5869 with an empty info. */
export function twoKeys (chainingKey: Uint8Array, input: Uint8Array): [Buffer, Buffer] {
  const out = Buffer.from(hkdfSync('sha256', input, chainingKey, '', 64))
  return [out.subarray(0, 32), out.subarray(32)]
}

/** One direction of a cipher: a key and the nonce that counts its messages. */
export class CipherState {
  readonly #key: Uint8Array
  readonly #nonce: Buffer = Buffer.alloc(12)
  #count = 0

  constructor (key: Uint8Array) {
    this.#key = key
  }

  /** Ciphertexts of the parts in turn, then the tag. */
  seal (parts: readonly Uint8Array[], additional?: Uint8Array): Buffer[] {
    const cipher = createCipheriv(CIPHER, this.#key, this.#next(), { authTagLength: TAG_BYTES })
    if (additional !== undefined) cipher.setAAD(additional)
    const out = parts.map(part => cipher.update(part))
    cipher.final()
    out.push(cipher.getAuthTag())
    return out
  }

  /** Begins a message that comes in pieces. */
  opening (): DecipherChaCha20Poly1305 {
    return createDecipheriv(CIPHER, this.#key, this.#next(), { authTagLength: TAG_BYTES })
  }

  /** @throws when the tag does not fit */
  open (sealed: Uint8Array, additional?: Uint8Array): Buffer {
    const decipher = this.opening()
    if (additional !== undefined) decipher.setAAD(additional)
    decipher.setAuthTag(sealed.subarray(sealed.byteLength - TAG_BYTES))
    const out = decipher.update(sealed.subarray(0, sealed.byteLength - TAG_BYTES))
    decipher.final()
    return out
  }

  #next (): Buffer {
    this.#nonce.writeUInt32LE(this.#count++, 4)
    return this.#nonce
  }
}
