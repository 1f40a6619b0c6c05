import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import writeFileAtomic from 'write-file-atomic'
import { DATA_DIR_DEFAULTS } from './defaults.ts'
import { KeyFileCorruptError, KeyFileInsecureError, KeyFileUnreadableError } from './errors.ts'

const OTHERS = 0o077
const PROBE = new TextEncoder().encode('weir: does this key sign for itself?')

/**
 * Reads the private key of a key file: libp2p's protobuf, any key type that libp2p knows.
 *
 * The file is only ever read. One that is no good is refused and stays as it is.
 *
 * @returns `undefined` when there is no such file
 * @throws {KeyFileUnreadableError} when it cannot be read, or is no regular file
 * @throws {KeyFileInsecureError} when others than the owner have any right to it (not on Windows, which has no such bits)
 * @throws {KeyFileCorruptError} when no key is in it, or one whose two halves do not belong together
 */
export async function readKeyFile (path: string): Promise<PrivateKey | undefined> {
  const bytes = await readPrivateBytes(path)
  if (bytes === undefined) return undefined
  try {
    const key = privateKeyFromProtobuf(bytes)
    // An Ed25519 file carries the public key too, and nothing checks it when it is read: a signature made under the
    // wrong one tells the private key to whoever sees two of them.
    if (await key.publicKey.verify(PROBE, await key.sign(PROBE))) return key
  } catch (cause) {
    throw new KeyFileCorruptError(path, { cause })
  }
  throw new KeyFileCorruptError(path)
}

/**
 * Makes an Ed25519 key and writes it, readable by the owner alone. The file is whole or not there, at every moment.
 *
 * An existing file would be replaced: whoever calls this holds the lock of the directory and has looked.
 */
export async function createKeyFile (path: string): Promise<PrivateKey> {
  const key = await generateKeyPair('Ed25519')
  await writeFileAtomic(path, Buffer.from(privateKeyToProtobuf(key)), { mode: DATA_DIR_DEFAULTS.fileMode })
  return key
}

async function readPrivateBytes (path: string): Promise<Uint8Array | undefined> {
  try {
    // Without O_NONBLOCK a named pipe in this place would hold up the start for ever.
    await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const stat = await file.stat()
    if (!stat.isFile()) throw new KeyFileUnreadableError(path, { cause: new Error('no regular file') })
    if (process.platform !== 'win32' && (stat.mode & OTHERS) !== 0) throw new KeyFileInsecureError(path, stat.mode & 0o777)
    if (stat.size > DATA_DIR_DEFAULTS.keyFileMaxBytes) throw new KeyFileCorruptError(path)
    return await file.readFile()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    if (KeyFileUnreadableError.is(cause) || KeyFileInsecureError.is(cause) || KeyFileCorruptError.is(cause)) throw cause
    throw new KeyFileUnreadableError(path, { cause })
  }
}
