import type { Machine } from './machine.ts'

/**
 * How many files this process may have open, by its soft limit; `undefined` when there is no way to know, and `Infinity` on
 * Windows, which has no such limit.
 *
 * Linux tells in `/proc`; elsewhere the runtime's own report does.
 */
export function openFilesLimit (machine: Machine): number | undefined {
  if (machine.platform === 'win32') return Infinity
  const soft = /^Max open files\s+(?<soft>\d+|unlimited)\s/m.exec(machine.readText('/proc/self/limits') ?? '')?.groups?.soft
  if (soft !== undefined) return numberOf(soft)
  const reported = machine.reportedOpenFiles()
  return reported === undefined ? undefined : numberOf(reported)
}

function numberOf (soft: string | number): number | undefined {
  if (soft === 'unlimited') return Infinity
  const limit = Number(soft)
  if (!Number.isInteger(limit) || limit < 0) return undefined
  return Number.isSafeInteger(limit) ? limit : Infinity
}
