/** The numbers of this package. */
export const COMPLIANCE_DEFAULTS: Readonly<Record<'maxTimersPerAdvance' | 'wallStartMs' | 'leakGraceMs' | 'caseTimeoutMs' | 'quietMs', number>> = Object.freeze({
  /** How many timers one `advance` of a manual clock may run: a timer that renews itself without delay would run for ever. */
  maxTimersPerAdvance: 100_000,
  /** Where a manual clock's wall begins: 14 November 2023, far enough from 1970 to show a mix-up with the monotonic clock. */
  wallStartMs: 1_700_000_000_000,
  /** How long a leak check waits for what is being closed. */
  leakGraceMs: 2_000,
  /** How long a case waits for what must come before it fails by itself, with a sentence, and not by its runner's timeout. */
  caseTimeoutMs: 5_000,
  /** How long a case watches that something does not happen. */
  quietMs: 50
})
