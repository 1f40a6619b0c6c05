import { readFile } from 'node:fs/promises'

/**
 * When a process started, as a text that no other process of this machine ever has: process ids are used again, these
 * are not. Comparable for equality only.
 *
 * @returns `undefined` when there is no such process, when it has ended and waits for its parent, or where the system
 *   does not tell (anything but Linux)
 */
export async function processStart (pid: number): Promise<string | undefined> {
  try {
    const [boot, stat] = await Promise.all([readFile('/proc/sys/kernel/random/boot_id', 'latin1'), readFile(`/proc/${pid}/stat`, 'latin1')])
    // The second field is the program's name in parentheses and may hold anything, parentheses included.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const state = fields[0]
    const startTicks = fields[19] // since boot
    if (state === 'Z' || state === 'X' || startTicks === undefined) return undefined
    return `${boot.trim()}:${startTicks}`
  } catch {
    return undefined
  }
}
