import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { PrivateKey } from '@libp2p/interface'
import { DATA_DIR_DEFAULTS } from './defaults.ts'
import { DataDirError, DataDirLockedError } from './errors.ts'
import { createKeyFile, readKeyFile } from './key-file.ts'
import { takeLock } from './lock.ts'

/**
 * The directory that a node keeps its own things in, locked for one node at a time. Whoever opened it closes it, which
 * releases the lock and removes nothing else.
 */
export interface DataDir extends AsyncDisposable {
  /** Absolute. */
  readonly path: string
  /** The node's identity. */
  readonly privateKey: PrivateKey
}

/**
 * Opens a data directory, made when there is none (for its owner alone), and with it the identity in it, made when there
 * is none.
 *
 * @throws {DataDirError} when it cannot be made or used
 * @throws {DataDirLockedError} when another node runs on it
 * @throws {KeyFileUnreadableError} {KeyFileInsecureError} {KeyFileCorruptError} when its key file is no good
 */
export async function openDataDir (directory: string): Promise<DataDir> {
  const path = resolve(directory)
  await using undo = new AsyncDisposableStack()
  undo.use(await lockDirectory(path))
  const keyFile = join(path, DATA_DIR_DEFAULTS.keyFile)
  const privateKey = await readKeyFile(keyFile) ?? await usable(path, createKeyFile(keyFile))
  const owned = undo.move()
  return { path, privateKey, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/**
 * The identity of a data directory, made when there is none. Works beside a node that runs on the directory.
 *
 * @throws as `openDataDir`
 */
export async function readIdentity (directory: string): Promise<PrivateKey> {
  const key = await readKeyFile(join(resolve(directory), DATA_DIR_DEFAULTS.keyFile))
  if (key !== undefined) return key
  await using dataDir = await openDataDir(directory)
  return dataDir.privateKey
}

async function lockDirectory (path: string): Promise<AsyncDisposable> {
  await usable(path, mkdir(path, { recursive: true, mode: DATA_DIR_DEFAULTS.directoryMode }))
  const lock = await usable(path, takeLock(join(path, DATA_DIR_DEFAULTS.lockFile)))
  if ('heldBy' in lock) throw new DataDirLockedError(path, lock.heldBy)
  return lock
}

/** What the file system says against a directory, said of the directory. */
async function usable<T> (path: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    throw new DataDirError(path, { cause })
  }
}
