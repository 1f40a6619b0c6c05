import { errorCauses } from './error-causes.ts'
import { oneLine } from './one-line.ts'

const SYSTEM_ERRORS: ReadonlyMap<unknown, string> = new Map([
  ['EADDRINUSE', 'the port is in use'],
  ['EADDRNOTAVAIL', 'this machine does not have the address'],
  ['EACCES', 'permission denied'],
  ['ECONNREFUSED', 'nobody listens there'],
  ['EHOSTUNREACH', 'the host cannot be reached'],
  ['ENETUNREACH', 'the network cannot be reached'],
  ['ENOENT', 'there is no such file'],
  ['EISDIR', 'it is a directory'],
  ['ENOTDIR', 'a part of its path is no directory'],
  ['EEXIST', 'something else is in its place'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'the disk is full']
])

/**
 * One line on an error for people: its message, with those of its causes that it does not say itself, and in words what
 * the system says in capitals.
 */
export function explain (error: unknown): string {
  const [first, ...causes] = errorCauses(error)
  return oneLine(causes.reduce<string>((said, cause) => {
    const message = messageOf(cause)
    const words = wordsOf(cause)
    if (said.includes(message)) return said.replace(message, () => words)
    return said.includes(words) ? said : `${said}: ${words}`
  }, wordsOf(first)))
}

function wordsOf (error: unknown): string {
  return SYSTEM_ERRORS.get((error as { code?: unknown } | undefined)?.code) ?? messageOf(error)
}

function messageOf (error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error)
}
