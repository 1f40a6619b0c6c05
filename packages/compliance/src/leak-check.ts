import assert from 'node:assert/strict'
import { COMPLIANCE_DEFAULTS } from './defaults.ts'
import { turn } from './turn.ts'

/** What keeps the process alive now, by the runtime's name for it, such as `TCPSocketWrap`, with its number. */
export function openHandles (): Map<string, number> {
  const handles = new Map<string, number>()
  for (const type of process.getActiveResourcesInfo()) {
    if (type !== 'Immediate') handles.set(type, (handles.get(type) ?? 0) + 1) // our own waiting is one
  }
  return handles
}

export interface LeakCheckInit {
  /** Kinds that are not looked at. @defaultValue `['Timeout']`: test runners set timers of their own while a test runs */
  readonly ignore?: readonly string[] | undefined
  /** How long to wait for what is being closed. @defaultValue `COMPLIANCE_DEFAULTS.leakGraceMs` */
  readonly graceMs?: number | undefined
}

export interface LeakCheck {
  /** What is open now and was not at the start, such as `TCPSocketWrap x2`. */
  leaks (): string[]
  /** Waits for what is being closed. @throws {AssertionError} naming what is still open when the grace is over */
  assertNone (): Promise<void>
}

/**
 * Remembers what keeps the process alive now, to tell later what has come on top: sockets, servers, child processes.
 * Blind for what keeps no process alive, such as an unreferenced timer.
 */
export function leakCheck ({ ignore = ['Timeout'], graceMs = COMPLIANCE_DEFAULTS.leakGraceMs }: LeakCheckInit = {}): LeakCheck {
  const before = openHandles()
  const leaks = (): string[] => [...openHandles()].flatMap(([type, count]) => {
    const more = count - (before.get(type) ?? 0)
    return more > 0 && !ignore.includes(type) ? [`${type} x${more}`] : []
  })
  return {
    leaks,
    async assertNone () {
      const end = performance.now() + graceMs
      while (leaks().length > 0 && performance.now() < end) await turn()
      assert.deepEqual(leaks(), [], 'something is left open')
    }
  }
}
