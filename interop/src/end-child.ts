import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Asks a process to end, and ends it when it has not within that time. Resolves when it is gone. */
export async function endChild (child: ChildProcess, withinMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return // the last: it never began
  const gone = once(child, 'exit')
  const timer = setTimeout(() => { child.kill('SIGKILL') }, withinMs)
  child.kill('SIGTERM')
  await gone
  clearTimeout(timer)
}
