import { KEY_BYTES, NONCE_BYTES, type P2pCrypto } from './p2p-crypto.ts'
import { P2pPeerId } from './p2p-peer-id.ts'

/** Who this node is. The secret key never leaves it. @see reference/tezos-p2p.md 1 */
export interface P2pIdentity {
  readonly peerId: P2pPeerId
  readonly publicKey: Uint8Array
  readonly secretKey: Uint8Array
  readonly proofOfWorkStamp: Uint8Array
}

/** The identity of a secret key and a stamp, whatever work the stamp proves. @throws {RangeError} for a wrong length */
export function identityOf (secretKey: Uint8Array, proofOfWorkStamp: Uint8Array, crypto: P2pCrypto): P2pIdentity {
  if (secretKey.length !== KEY_BYTES) throw new RangeError(`a secret key has ${KEY_BYTES} bytes, got ${secretKey.length}`)
  if (proofOfWorkStamp.length !== NONCE_BYTES) throw new RangeError(`a proof-of-work stamp has ${NONCE_BYTES} bytes, got ${proofOfWorkStamp.length}`)
  const publicKey = crypto.publicKeyOf(secretKey)
  return Object.freeze({ peerId: P2pPeerId.ofPublicKey(publicKey, crypto), publicKey, secretKey: new Uint8Array(secretKey), proofOfWorkStamp: new Uint8Array(proofOfWorkStamp) })
}
