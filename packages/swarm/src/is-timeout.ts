import { SwarmTimeoutError } from './errors.ts'

/** Whether a signal's reason says that time is up: who ran out of time wants to know why, who changed his mind wants his reason back. */
export function isTimeout (reason: unknown): boolean {
  return SwarmTimeoutError.is(reason) || (reason instanceof Error && reason.name === 'TimeoutError')
}
