/** The numbers of this package. */
export const COMPLIANCE_DEFAULTS: Readonly<Record<'maxTimersPerMoment' | 'wallStartMs' | 'leakGraceMs' | 'caseTimeoutMs' | 'quietMs', number>> = Object.freeze({
  /** How many timers a manual clock may run without time going on: one that renews itself without delay would run for ever. */
  maxTimersPerMoment: 10_000,
  /** Where a manual clock's wall begins: 14 November 2023, far enough from 1970 to show a mix-up with the monotonic clock. */
  wallStartMs: 1_700_000_000_000,
  /** How long a leak check waits for what is being closed. */
  leakGraceMs: 2_000,
  /** How long a case waits for what must come before it fails by itself, with a sentence, and not by its runner's timeout. */
  caseTimeoutMs: 5_000,
  /** How long a case watches that something does not happen. */
  quietMs: 50
})
