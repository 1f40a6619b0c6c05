import { join } from 'node:path'
import { LevelDatastore } from 'datastore-level'
import { DATA_DIR_DEFAULTS } from './defaults.ts'
import { DataDirError } from './errors.ts'

/**
 * Opens where a data directory keeps its rules. Whoever calls holds the lock of the directory, and closes this before.
 *
 * @throws {DataDirError}
 */
export async function openRulesDatastore (dataDir: string): Promise<LevelDatastore & AsyncDisposable> {
  const datastore = new LevelDatastore(join(dataDir, DATA_DIR_DEFAULTS.rulesDirectory))
  try {
    await datastore.open()
  } catch (cause) {
    throw new DataDirError(dataDir, { cause })
  }
  return Object.assign(datastore, { [Symbol.asyncDispose]: () => datastore.close() })
}
