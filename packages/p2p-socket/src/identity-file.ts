import { open, readFile } from 'node:fs/promises'
import { ExistentIdentityFileError, IdentityKeysMismatchError, IdentityMismatchError, InsufficientProofOfWorkError, InvalidIdentityFileError, NoIdentityFileError } from './identity-errors.ts'
import type { P2pIdentity } from './identity.ts'
import { defaultCrypto } from './default-crypto.ts'
import { KEY_BYTES, NONCE_BYTES, type P2pCrypto } from './p2p-crypto.ts'
import { P2pPeerId } from './p2p-peer-id.ts'
import { checkProofOfWork, type ProofOfWorkTarget } from './proof-of-work.ts'

export interface ReadIdentityOptions {
  /** Also demand this work of the stamp. @defaultValue none: as Octez when it starts */
  readonly proofOfWorkTarget?: ProofOfWorkTarget | undefined
  readonly crypto?: P2pCrypto | undefined
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** The text of an identity.json, as Octez writes it. */
export function identityJson ({ peerId, publicKey, secretKey, proofOfWorkStamp }: P2pIdentity): string {
  return `${JSON.stringify({ peer_id: peerId.toString(), public_key: hex(publicKey), secret_key: hex(secretKey), proof_of_work_stamp: hex(proofOfWorkStamp) }, undefined, 2)}\n`
}

/**
 * Reads an identity.json, with Octez's checks in Octez's order.
 *
 * @throws {NoIdentityFileError | InvalidIdentityFileError | IdentityMismatchError | IdentityKeysMismatchError | InsufficientProofOfWorkError}
 * @see reference/tezos-p2p.md 1.3
 */
export async function readIdentityFile (path: string, { proofOfWorkTarget, crypto = defaultCrypto }: ReadIdentityOptions = {}): Promise<P2pIdentity> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') throw new NoIdentityFileError(path, { cause })
    throw cause
  }
  const identity = parseIdentity(path, text, crypto)
  if (!P2pPeerId.ofPublicKey(identity.publicKey, crypto).equals(identity.peerId)) throw new IdentityMismatchError(path)
  if (hex(crypto.publicKeyOf(identity.secretKey)) !== hex(identity.publicKey)) throw new IdentityKeysMismatchError(path)
  if (proofOfWorkTarget !== undefined && !checkProofOfWork(identity.publicKey, identity.proofOfWorkStamp, proofOfWorkTarget, crypto)) {
    throw new InsufficientProofOfWorkError(path, proofOfWorkTarget.bits)
  }
  return identity
}

/**
 * Writes an identity.json that only this user can read.
 *
 * @throws {ExistentIdentityFileError} when there is a file: an identity is never overwritten
 */
export async function writeIdentityFile (path: string, identity: P2pIdentity): Promise<void> {
  try {
    await using file = await open(path, 'wx', 0o600)
    await file.writeFile(identityJson(identity))
    await file.sync()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw new ExistentIdentityFileError(path, { cause })
    throw cause
  }
}

function parseIdentity (path: string, text: string, crypto: P2pCrypto): P2pIdentity {
  let fields: unknown
  try {
    fields = JSON.parse(text)
  } catch {
    throw new InvalidIdentityFileError(path, 'it is no JSON') // without its cause, which would show some of the secret key
  }
  try {
    if (typeof fields !== 'object' || fields === null) throw new TypeError('it must be an object')
    const record = fields as Record<string, unknown>
    const publicKey = hexField(record, 'public_key', KEY_BYTES)
    const { peer_id: peerId } = record
    if (peerId !== undefined && typeof peerId !== 'string') throw new TypeError('peer_id must be a text')
    return Object.freeze({
      peerId: peerId === undefined ? P2pPeerId.ofPublicKey(publicKey, crypto) : P2pPeerId.parse(peerId),
      publicKey,
      secretKey: hexField(record, 'secret_key', KEY_BYTES),
      proofOfWorkStamp: hexField(record, 'proof_of_work_stamp', NONCE_BYTES)
    })
  } catch (cause) {
    throw new InvalidIdentityFileError(path, cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function hexField (record: Record<string, unknown>, name: string, lengthBytes: number): Uint8Array {
  const value = record[name]
  if (typeof value !== 'string' || value.length !== 2 * lengthBytes || !/^[0-9a-fA-F]*$/.test(value)) throw new TypeError(`${name} must be ${2 * lengthBytes} hexadecimal digits`)
  return Uint8Array.from(Buffer.from(value, 'hex'))
}
