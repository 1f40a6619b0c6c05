import { link, unlink, writeFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { DATA_DIR_DEFAULTS } from './defaults.ts'
import { type LockHolder, livingPid, newLockHolder, readLockHolder } from './lock-holder.ts'

/** A lock that is held. Whoever took it releases it; releasing twice is harmless. */
export interface Lock extends AsyncDisposable {
  release (): Promise<void>
}

/**
 * Takes the lock that a file stands for, unless a living process holds it.
 *
 * The lock of a process that ended without releasing it is cleared. Of any number of processes that try at the same time
 * one gets it, also when all of them find the same stale lock. Processes that do not see each other's ids, such as two
 * containers that share the directory alone, are not told apart.
 *
 * @returns the lock, or the id of the process that holds it
 * @throws what the file system says when no file can be made or read there; it needs hard links
 */
export async function takeLock (path: string): Promise<Lock | { readonly heldBy: number }> {
  const self = await newLockHolder()
  for (let attempt = 0; attempt < DATA_DIR_DEFAULTS.lockAttempts; attempt++) {
    if (await create(path, self)) return held(path, self)
    const holder = await readLockHolder(path)
    if (holder === undefined) continue // released in between
    const heldBy = await livingPid(holder)
    if (heldBy !== undefined) return { heldBy }
    if (!await clear(path, holder, self)) await setTimeout(DATA_DIR_DEFAULTS.lockRetryMs)
  }
  throw new Error(`gave up taking the lock ${path}: others keep taking and leaving it`)
}

function held (path: string, self: LockHolder): Lock {
  let releasing: Promise<void> | undefined
  const release = (): Promise<void> => {
    releasing ??= removeIf(path, self)
    return releasing
  }
  return { release, [Symbol.asyncDispose]: release }
}

/**
 * Makes the file together with its content, in one step that fails when it is there: a link. With `O_EXCL` on the file
 * itself others could read it while it is still empty, and would have to guess whether its writer lives.
 *
 * @returns whether it was made
 */
async function create (path: string, holder: LockHolder): Promise<boolean> {
  const draft = `${path}.${(await newLockHolder()).token}.draft`
  await writeFile(draft, `${JSON.stringify(holder)}\n`, { flag: 'wx', mode: DATA_DIR_DEFAULTS.fileMode, flush: true })
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await unlink(draft)
  }
}

/**
 * Removes the lock of a holder that is dead, or leaves that to whoever is at it already.
 *
 * Two who found the same stale lock must not both remove what is at the path: the second would remove the lock that the
 * first took meanwhile. So the right to remove this very lock is a lock too, named by its token. Whoever has the right
 * looks again, and what it then finds nobody else can remove. If its holder died as well, it is cleared in the same way.
 *
 * @returns whether something was cleared, so that another try is worth while at once
 */
async function clear (path: string, dead: LockHolder, self: LockHolder): Promise<boolean> {
  const right = `${path}.${dead.token}`
  if (await create(right, self)) {
    try {
      await removeIf(path, dead)
    } finally {
      await unlink(right)
    }
    return true
  }
  const other = await readLockHolder(right)
  if (other === undefined) return true
  return await livingPid(other) === undefined && await clear(right, other, self)
}

/** Removes the file when it still is this very lock. */
async function removeIf (path: string, { token }: LockHolder): Promise<void> {
  if ((await readLockHolder(path))?.token !== token) return
  try {
    await unlink(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error // somebody tidied up by hand
  }
}
