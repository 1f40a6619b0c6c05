import { readFile } from 'node:fs/promises'
import { PskFileError } from './errors.ts'

/** The content of a private network's key file, if one is named. @throws {PskFileError} when it cannot be read */
export async function readPsk (path: string | undefined): Promise<Uint8Array | undefined> {
  if (path === undefined) return undefined
  try {
    return await readFile(path)
  } catch (cause) {
    throw new PskFileError(path, { cause })
  }
}
