import { createBase58check } from '@scure/base'
import { sha256 } from '@noble/hashes/sha2.js'
import type { PeerRef } from '@weir/network'
import { InvalidPeerIdError } from './syntax-errors.ts'
import type { P2pCrypto } from './p2p-crypto.ts'

export const PEER_ID_BYTES = 16
const PREFIX: Uint8Array = Uint8Array.of(0x99, 0x67)
const base58check = createBase58check(sha256)

/**
 * Who a peer is: BLAKE2b-128 of its public key, written `id...`.
 *
 * @see reference/tezos-p2p.md 1.1
 */
export class P2pPeerId implements PeerRef {
  readonly type = 'tezos'
  readonly #bytes: Uint8Array
  #text: string | undefined

  private constructor (bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** @throws {InvalidPeerIdError} when it is not 16 bytes */
  static fromBytes (bytes: Uint8Array): P2pPeerId {
    if (bytes.length !== PEER_ID_BYTES) throw new InvalidPeerIdError(Buffer.from(bytes).toString('hex'))
    return new P2pPeerId(new Uint8Array(bytes))
  }

  /** @throws {InvalidPeerIdError} when it is not the text of one, or its checksum is wrong */
  static parse (text: string): P2pPeerId {
    let bytes: Uint8Array
    try {
      bytes = base58check.decode(text)
    } catch (cause) {
      throw new InvalidPeerIdError(text, { cause })
    }
    if (bytes.length !== PREFIX.length + PEER_ID_BYTES || PREFIX.some((byte, i) => bytes[i] !== byte)) throw new InvalidPeerIdError(text)
    return new P2pPeerId(new Uint8Array(bytes.subarray(PREFIX.length)))
  }

  static ofPublicKey (publicKey: Uint8Array, crypto: P2pCrypto): P2pPeerId {
    const bytes = new Uint8Array(PEER_ID_BYTES)
    crypto.blake2b(bytes, publicKey)
    return new P2pPeerId(bytes)
  }

  /** The 16 bytes: a copy. */
  toBytes (): Uint8Array {
    return new Uint8Array(this.#bytes)
  }

  equals (other: P2pPeerId): boolean {
    return Buffer.compare(this.#bytes, other.#bytes) === 0
  }

  /** The text, made when it is first asked for. */
  toString (): string {
    this.#text ??= base58check.encode(Uint8Array.of(...PREFIX, ...this.#bytes))
    return this.#text
  }

  toJSON (): string {
    return this.toString()
  }
}
