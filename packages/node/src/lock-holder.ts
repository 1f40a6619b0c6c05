import { randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import { DATA_DIR_DEFAULTS } from './defaults.ts'
import { processStart } from './process-start.ts'

/** What a lock file says of whoever made it. */
export interface LockHolder {
  /** This very lock, and no other that stands in its place later: unique for all time. */
  readonly token: string
  /** `undefined` when the file is damaged, as after a power cut. */
  readonly pid: number | undefined
  /** See `processStart`. */
  readonly start: string | undefined
}

/** This process, with a new token. */
export async function newLockHolder (): Promise<LockHolder> {
  return { token: randomBytes(16).toString('hex'), pid: process.pid, start: await processStart(process.pid) }
}

/**
 * Reads a lock file. A damaged one has a holder without a process, and its place and time for a token.
 *
 * @returns `undefined` when there is none
 */
export async function readLockHolder (path: string): Promise<LockHolder | undefined> {
  try {
    await using file = await open(path, 'r')
    const { ino, mtimeMs, size } = await file.stat()
    const holder = size > DATA_DIR_DEFAULTS.lockFileMaxBytes ? undefined : parse(await file.readFile('utf8'))
    return holder ?? { token: `${ino}-${Math.floor(mtimeMs)}`, pid: undefined, start: undefined }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/**
 * The process that holds a lock, if it lives: it is there, and it is the one that took the lock and not a later one that
 * got the same id. Where the system does not tell when a process started, being there is enough.
 */
export async function livingPid ({ pid, start }: LockHolder): Promise<number | undefined> {
  if (pid === undefined) return undefined
  let isMine = true
  try {
    process.kill(pid, 0) // sends nothing
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined
    isMine = false
  }
  if (start === undefined) return pid
  const startNow = await processStart(pid)
  // A system may hide the processes of other users: what cannot be seen is not taken for dead.
  if (startNow === undefined) return isMine ? undefined : pid
  return startNow === start ? pid : undefined
}

function parse (text: string): LockHolder | undefined {
  try {
    const { token, pid, start } = JSON.parse(text) as Record<string, unknown>
    // The token becomes part of a file's name; 0 and negative process ids mean groups.
    if (typeof token !== 'string' || !/^[0-9a-f]{32}$/.test(token)) return undefined
    if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return undefined
    return { token, pid, start: typeof start === 'string' ? start : undefined }
  } catch {
    return undefined
  }
}
