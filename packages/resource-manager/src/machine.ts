import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { report } from 'node:process'
import type { ReadText } from './cgroup-memory.ts'

/** What can be asked of the machine, injected, so that tests are on any machine that they like. */
export interface Machine {
  /** As `process.platform`. */
  readonly platform: string
  hostMemoryBytes (): number
  readonly readText: ReadText
  /** The soft limit of open files as the runtime reports it: a number, or `unlimited`. */
  reportedOpenFiles (): number | string | undefined
}

/** The machine that this process runs on. */
export const thisMachine: Machine = Object.freeze({
  platform: process.platform,
  hostMemoryBytes: () => totalmem(),
  readText (path: string): string | undefined {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return undefined // not there, or not for us: nothing is known then
    }
  },
  reportedOpenFiles (): number | string | undefined {
    const settings: typeof report & { excludeNetwork?: boolean } = report // not in the types of the oldest runtime yet
    const { excludeNetwork = false } = settings
    settings.excludeNetwork = true // or it would look up the names of all that we are connected to
    try {
      const { userLimits } = report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } }
      return userLimits?.open_files?.soft
    } finally {
      settings.excludeNetwork = excludeNetwork
    }
  }
})
