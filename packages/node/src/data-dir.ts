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

  /**
   * The identity that is kept here, made when there is none.
   *
   * @throws {KeyFileUnreadableError} {KeyFileInsecureError} {KeyFileCorruptError} when its file is no good
   */
  identity (): Promise<PrivateKey>
}

/**
 * Opens a data directory and locks it. It is made when there is none, for its owner alone.
 *
 * @throws {DataDirError} when it cannot be made or used
 * @throws {DataDirLockedError} when another node runs on it
 */
export async function openDataDir (directory: string): Promise<DataDir> {
  const path = resolve(directory)
  await usable(path, mkdir(path, { recursive: true, mode: DATA_DIR_DEFAULTS.directoryMode }))
  const lock = await usable(path, takeLock(join(path, DATA_DIR_DEFAULTS.lockFile)))
  if ('heldBy' in lock) throw new DataDirLockedError(path, lock.heldBy)
  return {
    path,
    identity: async () => await readKeyFile(keyFile(path)) ?? await usable(path, createKeyFile(keyFile(path))),
    [Symbol.asyncDispose]: () => lock.release()
  }
}

/**
 * The identity of a data directory, made when there is none. Works beside a node that runs on the directory.
 *
 * @throws as `openDataDir` and `DataDir.identity`
 */
export async function readIdentity (directory: string): Promise<PrivateKey> {
  const key = await readKeyFile(keyFile(resolve(directory)))
  if (key !== undefined) return key
  await using dataDir = await openDataDir(directory)
  return await dataDir.identity()
}

function keyFile (path: string): string {
  return join(path, DATA_DIR_DEFAULTS.keyFile)
}

/** What the file system says against a directory, said of the directory. */
async function usable<T> (path: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    throw new DataDirError(path, { cause })
  }
}
