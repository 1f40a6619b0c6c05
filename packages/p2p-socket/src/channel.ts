import { DecipherError, NonceExhaustedError } from './errors.ts'
import { forEachBox } from './frames.ts'
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

/** Encrypts and decrypts the chunks of one session, in their order, in place. */
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

  /** Encrypts laid-out frames. @throws {NonceExhaustedError} */
  seal (frames: Uint8Array): void {
    forEachBox(frames, box => { this.#local.use(nonce => { this.#crypto.seal(box, nonce, this.#key) }) })
  }

  /** Decrypts a box. @returns its plaintext, a view of the box @throws {DecipherError | NonceExhaustedError} */
  open (box: Uint8Array): Uint8Array {
    if (!this.#remote.use(nonce => this.#crypto.open(box, nonce, this.#key))) throw new DecipherError()
    return box.subarray(TAG_BYTES)
  }
}
