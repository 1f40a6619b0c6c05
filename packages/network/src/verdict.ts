/**
 * What a gater says to let something pass. It has to be said: every other answer, `undefined` and a promise included,
 * denies, so that a gater that forgets to answer fails closed.
 */
export const ALLOW: unique symbol = Symbol.for('@weir/allow')

/** Why a gater denies: which rule, and a sentence for people. */
export interface Denial {
  /** The rule that matched, such as `banned-peer`. */
  readonly rule: string
  /** A literal for programs. */
  readonly code: string
  readonly message: string
}

export type Verdict = typeof ALLOW | Denial

/** Makes a denial. */
export function deny (rule: string, message: string = `denied by the rule ${rule}`, code: string = 'DENIED'): Denial {
  return Object.freeze({ rule, code, message })
}

/** Whether a gater's answer is a denial as it should be, and not an allowance or a mistake. */
export function isDenial (verdict: unknown): verdict is Denial {
  return typeof verdict === 'object' && verdict !== null && typeof (verdict as Denial).rule === 'string'
}
