import { homedir } from 'node:os'
import { join } from 'node:path'
import { CLI_DEFAULTS } from './defaults.ts'

/** Where a node of this user keeps its things when nothing else is said. */
export function defaultDataDir (): string {
  return join(homedir(), CLI_DEFAULTS.dataDirName)
}
