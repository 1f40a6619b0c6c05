import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const CHILD = fileURLToPath(new URL('./load-child.ts', import.meta.url))

export interface Load {
  /** Of all threads' time on processors: reading the datastore and nothing more. */
  readonly readCpuMs: number
  /** The same of making a gater. */
  readonly cpuMs: number
  readonly ms: number
  /** The longest that nothing else had a turn, in the thread's time on a processor. */
  readonly blockCpuMs: number
  readonly blockMs: number
  /** Of heap and buffers, what the gater takes, by entry. */
  readonly bytesPerEntry: number
}

/** Makes a gater from the datastore in a folder, which nobody has open, in a process of its own. */
export async function measureLoad (folder: string, numEntries: number): Promise<Load> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@weir/source', '--expose-gc', CHILD, folder, String(numEntries)])
  const [readCpuMs = Number.NaN, cpuMs = Number.NaN, ms = Number.NaN, blockCpuMs = Number.NaN, blockMs = Number.NaN, bytesPerEntry = Number.NaN] = stdout.trim().split(' ').map(Number)
  return { readCpuMs, cpuMs, ms, blockCpuMs, blockMs, bytesPerEntry }
}
