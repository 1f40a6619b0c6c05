import { CHUNK_HEADER_BYTES, CHUNK_OVERHEAD_BYTES } from './chunk-size.ts'
import { DecipherError, NonceExhaustedError } from './errors.ts'
import { incrementNonce } from './nonce.ts'
import { NONCE_BYTES, type P2pCrypto, TAG_BYTES } from './p2p-crypto.ts'

export interface ChannelInit {
  readonly crypto: P2pCrypto
  readonly key: Uint8Array
  readonly incoming: boolean
  /** The raw frames of the two connection messages, their lengths included. */
  readonly sent: Uint8Array
  readonly received: Uint8Array
}

/** A nonce for each chunk of one direction, none of them twice. */
class NonceCounter {
  readonly #nonce: Uint8Array
  #isUsedUp = false

  constructor (first: Uint8Array) {
    this.#nonce = first
  }

  /** Gives the nonce of the next chunk to the callback, which does not keep it. */
  use<T> (callback: (nonce: Uint8Array) => T): T {
    if (this.#isUsedUp) throw new NonceExhaustedError()
    const result = callback(this.#nonce)
    this.#isUsedUp = !incrementNonce(this.#nonce)
    return result
  }
}

/** The first nonces of a session, from the frames that both sides have seen. @see reference/tezos-p2p.md 2.4 */
export function deriveNonces ({ crypto, incoming, sent, received }: Omit<ChannelInit, 'key'>): { readonly local: Uint8Array, readonly remote: Uint8Array } {
  const [init, resp] = incoming ? [received, sent] : [sent, received]
  const derive = (direction: string): Uint8Array => {
    const hash = new Uint8Array(32)
    crypto.blake2b(hash, Buffer.concat([init, resp, Buffer.from(direction, 'ascii')]))
    return hash.slice(0, NONCE_BYTES)
  }
  const initToResp = derive('Init -> Resp')
  const respToInit = derive('Resp -> Init')
  // Not the way round that the names say: so are the bytes on the wire.
  return incoming ? { local: initToResp, remote: respToInit } : { local: respToInit, remote: initToResp }
}

/** Encrypts and decrypts the chunks of one session, in their order. */
export class Channel {
  readonly #crypto: P2pCrypto
  readonly #key: Uint8Array
  readonly #local: NonceCounter
  readonly #remote: NonceCounter

  constructor (init: ChannelInit, nonces: ReturnType<typeof deriveNonces> = deriveNonces(init)) {
    this.#crypto = init.crypto
    this.#key = init.key
    this.#local = new NonceCounter(nonces.local)
    this.#remote = new NonceCounter(nonces.remote)
  }

  /**
   * Encrypts chunks, and lays them out as they go over the wire, one behind the other.
   *
   * @param plaintexts - at most 65517 bytes each
   * @throws {NonceExhaustedError}
   */
  seal (plaintexts: readonly Uint8Array[]): Uint8Array {
    const wire = Buffer.allocUnsafe(plaintexts.reduce((bytes, { length }) => bytes + length, plaintexts.length * CHUNK_OVERHEAD_BYTES))
    let at = 0
    for (const plaintext of plaintexts) {
      const start = at + CHUNK_HEADER_BYTES
      const end = at + CHUNK_OVERHEAD_BYTES + plaintext.length
      wire.writeUInt16BE(end - start, at)
      this.#local.use(nonce => { this.#crypto.seal(wire.subarray(start, end), plaintext, nonce, this.#key) })
      at = end
    }
    return wire
  }

  /**
   * Decrypts a box, in place unless a place of the plaintext's size is given.
   *
   * @returns the plaintext
   * @throws {DecipherError | NonceExhaustedError}
   */
  open (box: Uint8Array, plaintext: Uint8Array = box.subarray(TAG_BYTES)): Uint8Array {
    if (!this.#remote.use(nonce => this.#crypto.open(plaintext, box, nonce, this.#key))) throw new DecipherError()
    return plaintext
  }
}
