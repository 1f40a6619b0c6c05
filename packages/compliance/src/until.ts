import { setTimeout as sleep } from 'node:timers/promises'
import { COMPLIANCE_DEFAULTS } from './defaults.ts'

/** Waits until something is so that others bring about over real sockets. @throws {Error} naming it when it takes too long */
export async function until (condition: () => boolean, what: string, ms: number = COMPLIANCE_DEFAULTS.caseTimeoutMs): Promise<void> {
  const end = performance.now() + ms
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`)
    await sleep(2)
  }
}
