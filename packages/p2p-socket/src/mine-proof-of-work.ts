import { incrementNonce } from './nonce.ts'
import { KEY_BYTES, NONCE_BYTES, type P2pCrypto } from './p2p-crypto.ts'
import { ProofOfWorkTarget } from './proof-of-work.ts'

/** Looks for a stamp by counting up, some attempts at a time. @see reference/tezos-p2p.md 1.2 */
export class ProofOfWorkMiner {
  readonly #crypto: P2pCrypto
  readonly #target: ProofOfWorkTarget
  readonly #input = new Uint8Array(KEY_BYTES + NONCE_BYTES)
  readonly #stamp: Uint8Array = this.#input.subarray(KEY_BYTES)
  readonly #hash = new Uint8Array(32)

  /** @param start - the first stamp that is tried */
  constructor (publicKey: Uint8Array, start: Uint8Array, targetBits: number, crypto: P2pCrypto) {
    this.#crypto = crypto
    this.#target = new ProofOfWorkTarget(targetBits)
    this.#input.set(publicKey)
    this.#stamp.set(start)
  }

  /** The stamp that is tried next, or was found: a copy. */
  get stamp (): Uint8Array {
    return this.#stamp.slice()
  }

  /** @returns whether a stamp was found, and after how many attempts of these */
  run (attempts: number): { readonly isFound: boolean, readonly attempts: number } {
    for (let done = 1; done <= attempts; done++) {
      this.#crypto.blake2b(this.#hash, this.#input)
      if (this.#target.admits(this.#hash)) return { isFound: true, attempts: done }
      incrementNonce(this.#stamp)
    }
    return { isFound: false, attempts }
  }
}
