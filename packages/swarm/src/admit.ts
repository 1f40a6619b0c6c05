import { ALLOW, deny, isDenial } from '@weir/network'
import { ConnGatedError } from './errors.ts'

/**
 * Asks one hook of the gater, and throws unless it allows. A hook that throws, or answers anything but a verdict,
 * denies: a gater that is broken closes the door.
 *
 * @throws {ConnGatedError} naming hook and rule
 */
export function admit (hook: string, ask: () => unknown): void {
  let verdict: unknown
  try {
    verdict = ask()
  } catch (cause) {
    throw new ConnGatedError(hook, deny('gater-failed', 'the gater threw'), { cause })
  }
  if (verdict === ALLOW) return
  if (isDenial(verdict)) throw new ConnGatedError(hook, verdict)
  if (verdict instanceof Promise) verdict.catch(() => {}) // its outcome comes too late for anybody
  const cause = new TypeError(`${hook} must answer ALLOW or a denial at once, got ${verdict instanceof Promise ? 'a promise' : String(verdict)}`)
  throw new ConnGatedError(hook, deny('gater-mistake', cause.message), { cause })
}
