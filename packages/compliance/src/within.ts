import { COMPLIANCE_DEFAULTS } from './defaults.ts'

/**
 * What `promise` gives, or an error when it takes too long: a case that hangs says what it waits for.
 *
 * Real time: what is waited for is done by sockets and other things that obey no injected clock.
 */
export async function within<T> (promise: Promise<T>, what: string, ms: number = COMPLIANCE_DEFAULTS.caseTimeoutMs): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => { reject(new Error(`not within ${ms} ms: ${what}`)) }, ms)
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
