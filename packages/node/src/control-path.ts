import { join, relative } from 'node:path'
import { DATA_DIR_DEFAULTS } from './defaults.ts'
import { ControlSocketError } from './errors.ts'

/**
 * Where the control socket of a data directory is, in the shorter of its two spellings: the system takes about a hundred bytes.
 *
 * @throws {ControlSocketError} when neither is short enough: the runtime would cut the name and listen somewhere else
 */
export function controlPath (dataDir: string): string {
  const absolute = join(dataDir, DATA_DIR_DEFAULTS.controlFile)
  const fromHere = relative(process.cwd(), absolute)
  const path = fromHere.length < absolute.length ? fromHere : absolute
  if (Buffer.byteLength(path) > DATA_DIR_DEFAULTS.controlPathMaxBytes) {
    throw new ControlSocketError(absolute, { cause: new RangeError(`its name is longer than ${DATA_DIR_DEFAULTS.controlPathMaxBytes} bytes: take a data directory with a shorter one`) })
  }
  return path
}
